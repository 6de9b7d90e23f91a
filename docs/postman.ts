/**
 * Renders the contract as a Postman collection, format 2.1.
 *
 * We don't use `openapi-to-postmanv2`. It installs 85 packages, names each response after its whole description, keeps
 * only one example for each status, and generates random ids.
 */
import { createHash } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { type Example, type Operation, type Response, readModel } from '@recoveryconnect/spec/model'
import { describe } from './reference.ts'
import { server } from './samples.ts'

/** Renders the collection. The same contract always results in the same collection, including its ids. */
export function renderPostmanCollection(): object {
  const { title, version, summary, resources } = readModel()
  return {
    info: {
      _postman_id: idOf('collection'),
      name: title,
      description: `${summary} Contract version: ${version}. Before you send a request, set the variable "token".`,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: server },
      { key: 'token', value: '' },
    ],
    item: resources.map(({ tag, description, operations }) => ({
      id: idOf(tag),
      name: tag,
      description,
      item: operations.map(renderItem),
    })),
  }
}

function renderItem(operation: Operation): object {
  const request = renderRequest(operation)
  return {
    id: idOf(operation.id),
    name: operation.summary,
    // A redirect would forward the token.
    protocolProfileBehavior: { followRedirects: false },
    request,
    response: operation.responses.flatMap((response) =>
      response.examples.map((example) => renderResponse(operation, response, example, request)),
    ),
  }
}

function renderRequest(operation: Operation): object {
  const body = operation.body?.examples[0]?.value
  const raw = JSON.stringify(body, null, 2)
  return {
    method: operation.method,
    description: describe(operation),
    ...(!operation.needsToken && { auth: { type: 'noauth' } }),
    header: [
      { key: 'Accept', value: 'application/json' },
      ...(body === undefined ? [] : [{ key: 'Content-Type', value: 'application/json' }]),
    ],
    ...(body !== undefined && { body: { mode: 'raw', raw, options: { raw: { language: 'json' } } } }),
    url: renderUrl(operation),
  }
}

function renderUrl({ path, parameters }: Operation): object {
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

function renderResponse(
  { id }: Operation,
  { status }: Response,
  example: Example,
  originalRequest: object,
): object {
  const code = example.status ?? Number(status)
  return {
    id: idOf(id, status, example.name),
    name: `${code}: ${example.summary}`,
    originalRequest,
    status: STATUS_CODES[code] ?? '',
    code,
    _postman_previewlanguage: 'json',
    header: [{ key: 'Content-Type', value: 'application/json' }],
    body: JSON.stringify(example.value, null, 2),
  }
}

/** Returns a UUID that depends only on the names. */
function idOf(...names: string[]): string {
  const hex = createHash('sha256').update(names.join('/')).digest('hex')
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-5$3-8$4-$5')
}
