/** Whatever the TypeScript client has, the Python client has, too, or a row says what is there instead. */
import { readdir, readFile } from 'node:fs/promises'
import * as typescript from '@recoveryconnect/client'
import { expect, test } from 'vitest'

const source = new URL('../src/recoveryconnect/', import.meta.url)
const files = (await readdir(source)).filter((name) => name.endsWith('.py'))
const python = (await Promise.all(files.map((name) => readFile(new URL(name, source), 'utf8')))).join('\n')
const exported =
  /__all__ = \[([^\]]*)\]/.exec(await readFile(new URL('__init__.py', source), 'utf8'))?.[1] ?? ''

/** The Python name of each export, or why there is none. */
const exports: Record<string, string> = {
  checkResponses: 'check_responses',
  clientOf: 'a Client is created from options only',
  connect: 'no bundle to keep small, so a Client has all resources',
  createClient: 'Client',
  createOutcome: 'create_outcome',
  dialable: 'dialable',
  loginToken: 'LoginToken',
  mayBeDialled: 'may_be_dialled',
  objectionsTo: 'objections_to',
  openapiClient: 'openapi-fetch is a JavaScript library',
  readEnvironment: 'read_environment',
  RecoveryConnectError: 'RecoveryConnectError',
  serverUrl: 'SERVER_URL is private',
  version: '__version__',
}

/** The Python name of each option of a client or a call, or why there is none. */
const options: Record<string, string> = {
  allowUnknownKeys: 'allow_unknown_keys',
  appInfo: 'app_info',
  attemptTimeoutMs: 'attempt_timeout',
  baseUrl: 'base_url',
  checkResponse: 'check_response',
  fetch: 'transport',
  headers: 'headers',
  hooks: 'on_attempt',
  httpHosts: 'http_hosts',
  maxAttempts: 'max_attempts',
  maxResponseBytes: 'max_response_bytes',
  retryClearedFlags: 'retry_cleared_flags',
  signal: 'a task can be canceled, and closing a client ends its calls',
  token: 'token',
  totalTimeoutMs: 'total_timeout',
}

test('every helper is there', () => {
  const resources = Object.keys(typescript).filter((name) => /^(borrower|authentication)/.test(name))
  expect(Object.keys(typescript).sort()).toEqual([...resources, ...Object.keys(exports)].sort())
  for (const name of Object.values(exports).filter((name) => /^\w+$/.test(name)))
    expect(exported).toContain(`"${name}"`)
  for (const name of resources) expect(python).toContain(`    ${snake(name)}: `)
})

test('every kind of error is there', async () => {
  const errors = await readFile(
    new URL('errors.ts', new URL('.', import.meta.resolve('@recoveryconnect/client'))),
    'utf8',
  )
  const kinds = [...errors.matchAll(/extends Failure<'(\w+)'>/g)].map(([, kind]) => kind)
  expect(kinds.length).toBeGreaterThan(10)
  for (const kind of kinds) expect(python).toContain(`\n    kind = "${kind}"\n`)
})

test('every option is there', async () => {
  const call = await readFile(
    new URL('call.ts', new URL('.', import.meta.resolve('@recoveryconnect/client'))),
    'utf8',
  )
  const named = ['CallOptions', 'ClientOptions'].flatMap((type) => {
    const [, body = ''] =
      new RegExp(`^export interface ${type} .*\\{\\n([\\s\\S]*?)^\\}`, 'm').exec(call) ?? []
    return [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name)
  })
  expect(named.sort()).toEqual(Object.keys(options).sort())
  for (const name of Object.values(options).filter((name) => /^\w+$/.test(name)))
    expect(python).toMatch(new RegExp(`^ +${name}: `, 'm'))
})

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
