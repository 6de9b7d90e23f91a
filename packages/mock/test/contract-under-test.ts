import { createRequire } from 'node:module'
import { examplePath, readModel } from '@recoveryconnect/spec/model'
import { type Mock, startMock } from '../src/mock.ts'

/** The published bundle leaves out parts of Prism, so it has to pass the tests of the source. */
export const starts: [string, () => Promise<Mock>][] = [
  ['the source', () => startMock({ port: 0 })],
  // Loaded by Node itself, because the test runner would transform the whole bundle first.
  ['the bundle', () => createRequire(import.meta.url)('../dist/mock.js').startMock({ port: 0 })],
]

const model = readModel()

/** For tests that change it. */
export const contract: any = model.document

/** Each operation, with a path and a body that the contract accepts. */
export const operations = model.operations.map((operation) => ({
  id: operation.id,
  method: operation.method,
  secured: operation.needsToken,
  path: examplePath(operation),
  parameters: operation.parameters.map(({ name }) => name),
  pathWith: (values: Record<string, string>) =>
    examplePath({
      ...operation,
      parameters: operation.parameters.map((parameter) => ({
        ...parameter,
        example: values[parameter.name] ?? parameter.example,
      })),
    }),
  schema: operation.body?.schema,
  body: operation.body?.examples[0]?.value,
  responses: operation.responses,
}))

/** Sends a request that the contract accepts, except for what a test changes. */
export function call(
  url: string,
  { method, path, body }: { method: string; path: string; body?: unknown },
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url + path, {
    method,
    headers: {
      authorization: 'Bearer any',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}
