/** A call of an operation, and what the samples in all languages share. */
import { type Operation, readModel } from '@recoveryconnect/spec/model'

export interface Call {
  ids: Record<string, unknown>
  body?: unknown
  headers?: Record<string, string>
}

/** Production. */
export const server = readModel().servers[0]?.url ?? ''

/** The server that samples use by default: the sandbox on the reader's computer. */
export const sandbox = 'http://127.0.0.1:4020'

/** How long a token is valid, in every language. The response of a login contains secrets, so samples print only this. */
export function sayValidity(seconds: string): string {
  return `The token is valid for ${seconds} seconds.`
}

/** A field of the account of a login. Samples read it from an environment variable. */
export interface Credential {
  name: string
  variable: string
  /** The default. */
  value: string
}

/** What the samples of a call have in common. */
export interface Sample {
  operation: Operation
  call: Call
  /** With the ids. It has no character that ends a string in any of the languages. */
  path: string
  /** Without the token. */
  headers: [name: string, value: string][]
  /** Whether the response contains a token, which no sample may print. */
  isLogin: boolean
  /** The account of a login. Empty for other operations, and for a body that isn't an account. */
  credentials: Credential[]
  /** The comment above the URL. It has no apostrophe, because zsh treats comments as commands. */
  note: string
}

/** @param call default: the call of the first example. */
export function describeSample(operation: Operation, call = exampleCall(operation)): Sample {
  const isLogin = operation.responses.some(({ schema }) => schema?.properties.access_token)
  const ids = operation.parameters.length > 0 ? ', and replace the ids' : ''
  return {
    operation,
    call,
    path: fillPath(operation, call.ids),
    headers: listHeaders(call),
    isLogin,
    credentials: isLogin ? listCredentials(call) : [],
    note: `For production, set RECOVERYCONNECT_URL to ${server}${ids}.`,
  }
}

/**
 * Returns the call that an example of the contract shows.
 *
 * @param example the name of an example of the request body. Default: the first.
 * @throws {Error} if the body has no example with this name.
 */
export function exampleCall({ id, parameters, body }: Operation, example?: string): Call {
  const examples = body?.examples ?? []
  const found = example === undefined ? examples[0] : examples.find(({ name }) => name === example)
  if (example !== undefined && !found)
    throw new Error(
      `${id} has no example "${example}". It has: ${examples.map(({ name }) => name).join(', ')}.`,
    )
  return {
    ids: Object.fromEntries(parameters.map(({ name, example }) => [name, example])),
    body: found?.value,
  }
}

/** Formats the body as JSON, with an indent on every line but the first. */
export function formatJson(body: unknown, indent = ''): string {
  return JSON.stringify(body, null, 2).replaceAll('\n', `\n${indent}`)
}

/** Joins the lines of a program. Leaves out lines that are `false`. */
export function joinLines(lines: (string | false)[]): string {
  return `${lines.filter((line) => line !== false).join('\n')}\n`
}

/** @example nameClass('listBorrowers') // 'ListBorrowers' */
export function nameClass({ id }: Operation): string {
  return id.charAt(0).toUpperCase() + id.slice(1)
}

function listCredentials({ body }: Call): Credential[] {
  const fields = Object.entries(Object(body))
  if (
    !fields.every(
      (field): field is [string, string] => /^[a-z_]\w*$/i.test(field[0]) && typeof field[1] === 'string',
    )
  )
    return []
  return fields.map(([name, value]) => ({ name, value, variable: `RECOVERYCONNECT_${name.toUpperCase()}` }))
}

function fillPath({ path }: Operation, ids: Call['ids']): string {
  const encode = (text: string) => encodeURIComponent(text).replaceAll(/[!'()*]/g, percentEncode)
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(String(ids[name])))
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

function listHeaders({ body, headers = {} }: Call): [name: string, value: string][] {
  const contentType = body === undefined ? {} : { 'Content-Type': 'application/json' }
  return Object.entries({ Accept: 'application/json', ...contentType, ...headers })
}
