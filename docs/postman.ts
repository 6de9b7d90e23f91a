/**
 * The contract as a Postman collection, format 2.1.
 *
 * Our own few lines: `openapi-to-postmanv2` brings 85 packages, names each answer by its whole description, keeps one
 * example per status and makes up random ids.
 */
import { createHash } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { type Answer, contract, type Example, type Operation, operations, server } from './contract.ts'

/** The same contract gives the same collection, ids included. */
export function postmanCollection(): object {
  const { title, version, summary } = contract.info
  return {
    info: {
      _postman_id: idOf('collection'),
      name: title,
      description: `${summary} Made from the contract, version ${version}. Set the variable "token" before you send.`,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: server },
      { key: 'token', value: '' },
    ],
    item: contract.tags.map(({ name, description }) => ({
      id: idOf(name),
      name,
      description,
      item: operations.filter(({ tag }) => tag === name).map(itemOf),
    })),
  }
}

function itemOf(operation: Operation): object {
  const request = requestOf(operation)
  return {
    id: idOf(operation.id),
    name: operation.title,
    // A redirect would take the token along.
    protocolProfileBehavior: { followRedirects: false },
    request,
    response: operation.answers.flatMap((answer) =>
      (answer.body?.examples ?? []).map((example) => responseOf(operation, answer, example, request)),
    ),
  }
}

function requestOf({ method, description, secured, request, ...operation }: Operation): object {
  const body = request?.examples[0]?.value
  const raw = JSON.stringify(body, null, 2)
  return {
    method,
    description,
    ...(!secured && { auth: { type: 'noauth' } }),
    header: [
      { key: 'Accept', value: 'application/json' },
      ...(body === undefined ? [] : [{ key: 'Content-Type', value: 'application/json' }]),
    ],
    ...(body !== undefined && { body: { mode: 'raw', raw, options: { raw: { language: 'json' } } } }),
    url: urlOf(operation),
  }
}

function urlOf({ path, parameters }: Pick<Operation, 'path' | 'parameters'>): object {
  const segments = path.slice(1).replaceAll(/\{(\w+)\}/g, ':$1')
  return {
    raw: `{{baseUrl}}/${segments}`,
    host: ['{{baseUrl}}'],
    path: segments.split('/'),
    variable: parameters.map(({ name, example, description }) => ({
      key: name,
      value: String(example),
      description,
    })),
  }
}

function responseOf({ id }: Operation, answer: Answer, example: Example, originalRequest: object): object {
  // An example of a range says for which status it stands.
  const code = example.status ?? Number(answer.status)
  return {
    id: idOf(id, answer.status, example.name),
    name: `${code}: ${example.summary}`,
    originalRequest,
    status: STATUS_CODES[code] ?? '',
    code,
    _postman_previewlanguage: 'json',
    header: [{ key: 'Content-Type', value: 'application/json' }],
    body: JSON.stringify(example.value, null, 2),
  }
}

/** A UUID that depends on nothing but the name. */
function idOf(...names: string[]): string {
  const hex = createHash('sha256').update(names.join('/')).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
