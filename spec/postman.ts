/**
 * Renders the contract as a Postman collection, format 2.1, with an environment for each server.
 *
 * We don't use `openapi-to-postmanv2`. It installs 85 packages, and keeps only one example for each
 * status.
 */
import { formatProvenance } from './annotate.ts'
import { type Example, type Operation, type Provenance, type Resource, readModel } from './model.ts'

const model = readModel()
const login = model.operations.find(({ needsToken }) => !needsToken)
const credentials = (login?.body?.examples[0]?.value ?? {}) as Record<string, string>

/** Renders the collection. */
export function renderPostmanCollection(): object {
  const { title, version, summary, resources } = model
  return {
    info: {
      name: title,
      description: `${summary} Contract version: ${version}. Select an environment, and then send the login request, which stores the token.`,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    event: [onResponse("pm.test('The status is a success', () => pm.response.to.be.success)")],
    // A create stores the id of its record here, so that the requests after it change that record only.
    variable: resources.flatMap(({ recordId, byVerb }) => {
      const parameter = byVerb.get?.parameters.find(({ name }) => name === recordId)
      return parameter ? [{ key: parameter.name, value: String(parameter.example) }] : []
    }),
    // The login comes first, because the other requests need its token.
    item: resources
      .toSorted((one, other) => Number(other.name === login?.resource) - Number(one.name === login?.resource))
      .map(({ tag, description, operations, recordId }) => ({
        name: tag,
        description,
        item: operations.flatMap((operation) => renderRequests(operation, recordId)),
      })),
  }
}

/** Renders the environment for the sandbox on this machine, or for production, which has no credentials yet. */
export function renderPostmanEnvironment(name: 'sandbox' | 'production'): object {
  const isSandbox = name === 'sandbox'
  const values = {
    baseUrl: isSandbox ? 'http://127.0.0.1:4020' : model.servers[0]?.url,
    token: isSandbox ? 'demo' : '',
    ...Object.fromEntries(Object.entries(credentials).map(([key, value]) => [key, isSandbox ? value : ''])),
  }
  return {
    name: `${model.title}: ${name}`,
    values: Object.entries(values).map(([key, value]) => ({
      key,
      value,
      type: isSandbox || key === 'baseUrl' ? 'default' : 'secret',
      enabled: true,
    })),
    _postman_variable_scope: 'environment',
  }
}

/** One request for each example of the body. */
function renderRequests(operation: Operation, recordId: Resource['recordId']): object[] {
  const examples = operation.body?.examples ?? [undefined]
  const script = scriptAfter(operation, recordId)
  return examples.map((example) => {
    const named = example && examples.length > 1
    return {
      name: named ? `${operation.summary}: ${example.summary}` : operation.summary,
      // A redirect would forward the token.
      protocolProfileBehavior: { followRedirects: false },
      ...(script && { event: [onResponse(`if (pm.response.code < 300) ${script}`)] }),
      request: renderRequest(operation, recordId, example),
    }
  })
}

function scriptAfter(operation: Operation, recordId: Resource['recordId']): string | undefined {
  if (operation === login) return "pm.environment.set('token', pm.response.json().access_token)"
  if (operation.verb !== 'create' || !recordId) return undefined
  return `pm.collectionVariables.set('${recordId}', String(pm.response.json().data.id))`
}

function onResponse(line: string): object {
  return { listen: 'test', script: { type: 'text/javascript', exec: [line] } }
}

function renderRequest(operation: Operation, recordId: Resource['recordId'], example?: Example): object {
  const value = operation === login ? placeholders(credentials) : example?.value
  const raw = JSON.stringify(value, null, 2)
  return {
    method: operation.method,
    description: describe(operation),
    ...(!operation.needsToken && { auth: { type: 'noauth' } }),
    header: [
      { key: 'Accept', value: 'application/json' },
      ...(example ? [{ key: 'Content-Type', value: 'application/json' }] : []),
    ],
    ...(example && { body: { mode: 'raw', raw, options: { raw: { language: 'json' } } } }),
    url: renderUrl(operation, recordId),
  }
}

function placeholders(values: object): object {
  return Object.fromEntries(Object.keys(values).map((key) => [key, `{{${key}}}`]))
}

function renderUrl({ path, parameters }: Operation, recordId: Resource['recordId']): object {
  const segments = path.slice(1).replaceAll(/\{(\w+)\}/g, ':$1')
  return {
    raw: `{{baseUrl}}/${segments}`,
    host: ['{{baseUrl}}'],
    path: segments.split('/'),
    variable: parameters.map(({ name, example, description }) => ({
      key: name,
      value: name === recordId ? `{{${name}}}` : String(example),
      description,
    })),
  }
}

function describe(part: { description: string; provenance: Provenance }): string {
  return part.description.trim() + formatProvenance(part.provenance)
}
