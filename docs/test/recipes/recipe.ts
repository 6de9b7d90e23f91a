/** Runs the program of a recipe in every language, unchanged or with another body, and gives each test its servers. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { afterAll, describe, type ExpectStatic, it, type TestContext } from 'vitest'
import { readRecipe } from '../../samples/recipes.ts'
import { type Phone, reserveClosedPort, startServer, startWorld, type World } from '../servers.ts'
import { type Outcome, prepareLanguages, run } from '../toolchains.ts'

interface Parts {
  /** A sandbox of its own. */
  world: World
  /** Runs the program, or a variant of it. By default, it calls the sandbox. */
  start: (variables?: NodeJS.ProcessEnv, variant?: string) => Promise<Outcome>
  expect: ExpectStatic
  onTestFinished: TestContext['onTestFinished']
}

/** Adds a test. @param seed what the sandbox starts with. Default: its own seed. */
type Check = (what: string, body: (parts: Parts) => Promise<void>, seed?: object) => void

interface Recipe {
  name: string
  /** Changes of the program. Each must change the program in every language. */
  variants?: Record<string, (code: string, language: string) => string>
  define: (check: Check, language: string) => void
}

/** Compiles the program and its variants in each language, and adds the tests of this recipe and those of all recipes. */
export async function describeRecipe({ name, variants = {}, define }: Recipe): Promise<void> {
  const { languages, remove } = await prepareLanguages(({ id, label }) => {
    const code = readProgram(name, label)
    const changed = Object.entries(variants).map(([variant, change]) => ({
      name: variant,
      code: change(code, id),
    }))
    for (const one of changed)
      if (one.code === code)
        throw new Error(`The variant "${one.name}" of ${name} doesn't change the ${label} program.`)
    return [{ name, code }, ...changed]
  })
  afterAll(remove)

  describe.concurrent.each(languages)('$label', ({ id, commandOf }) => {
    const check: Check = (what, body, seed) =>
      it(what, async ({ skip, expect, onTestFinished }) => {
        if (!commandOf) return skip()
        const world = await startWorld({ onTestFinished, seed })
        const start: Parts['start'] = (variables, variant = name) =>
          run(commandOf(variant), { ...world.variables, ...variables })
        await body({ world, start, expect, onTestFinished })
      })
    define(check, id)
    checkFailures(check)
  })
}

function checkFailures(check: Check): void {
  for (const { what, respond, says } of unusable)
    check(what, async ({ start, expect }) => {
      const reads: IncomingHttpHeaders[] = []
      await using server = await startServer((request, response) => {
        if (request.url?.endsWith('/auth')) return response.end(JSON.stringify(login))
        reads.push(request.headers)
        respond(response)
      })
      const { status, stdout, stderr } = await start(urlOf(server))
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(says)
      expect(stderr).not.toMatch(secrets)
      expect(stderr).not.toMatch(stackTrace)
      for (const headers of reads) expect(Object.keys(headers)).not.toContain('content-type')
      expect(server.arrived).not.toContain('PUT')
    })

  check('prints no part of a token with a comma', async ({ start, expect }) => {
    await using server = await startServer(({ url }, response) => {
      const isLogin = url?.endsWith('/auth')
      response.statusCode = isLogin ? 200 : 403
      response.end(JSON.stringify(isLogin ? { ...login, access_token: 'access-token,2' } : {}))
    })
    const variables = { ...urlOf(server), RECOVERYCONNECT_TOKEN: 'sample-token,2' }
    const { status, stdout, stderr } = await start(variables)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/./)
    expect(stderr).not.toMatch(secrets)
  })

  check('prints a line if the server cannot be reached', async (parts) => {
    const { start, expect } = parts
    const url = await reserveClosedPort(parts)
    const { status, stdout, stderr } = await start(urlOf({ url }))
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/connect|REFUSED/i)
    expect(stderr).not.toMatch(stackTrace)
  })
}

/** The number that the programs create. */
export const number = '202-555-0143'

/** A record whose contents no program may print. */
export const record = {
  id: 1,
  type: 6,
  number,
  valid: 1,
  no_contact: 0,
  memo: 'SECRET memo',
  first_name: 'SECRET',
  birthday: '1970-01-01',
}
export const secrets = /SECRET|202-555|1970|sample-|access-token/
export const stackTrace = /^\s+at |Traceback|Fatal error|Warning|Unhandled/m
export const login = { access_token: 'access-token', expires_in: 3600, token_type: 'Bearer' }

/** Responses from which a program can't tell which numbers not to dial. */
const unusable: { what: string; respond: (response: ServerResponse) => void; says: RegExp }[] = [
  {
    what: 'names the fields of a list that may be one page of several',
    respond: (response) =>
      response.end(JSON.stringify({ data: [record], links: { next: 'https://example.com/?page=2' } })),
    says: /one page of several/,
  },
  {
    what: 'prints the status of an error, and not its body',
    respond: (response) => {
      response.statusCode = 403
      response.end(JSON.stringify({ message: record.memo, data: [record] }))
    },
    says: /\b403\b/,
  },
  {
    what: "prints a line if a list isn't one",
    respond: (response) => response.end(JSON.stringify({ data: record.memo })),
    says: /\bdata\b|ClassCast|cast/i,
  },
  {
    what: "doesn't take an object for an empty list",
    respond: (response) => response.end('{"data": {}}'),
    says: /./,
  },
  {
    what: "prints no part of a response that isn't JSON",
    respond: (response) => response.end(`{"data": [{"id": 1, "number": ${number}`),
    says: /./,
  },
]

export const borrower = 124927241

/** Returns a seed in which one borrower has these phones. */
export function seedOf(phones: (string | Partial<Phone>)[]): object {
  return {
    orders: [{ order_id: 57062885, borrowers: [{ borrower_id: borrower, phones: phones.map(toPhone) }] }],
  }
}

export function toPhone(phone: string | Partial<Phone>): object {
  return { type: 6, ...(typeof phone === 'string' ? { number: phone } : phone) }
}

/** Returns the text of a list in which each record has the number that is marked. The ids are JSON. */
export function listOf(ids: string[]): string {
  return `{"data":[${ids.map((id) => `{"id":${id},"number":"678-932-1578","no_contact":1}`).join(',')}]}`
}

export function urlOf({ url }: { url: string }) {
  return { RECOVERYCONNECT_URL: url }
}

function readProgram(name: string, label: string): string {
  const file = readRecipe(name)
    .find((program) => program.label === label)
    ?.files.find(({ title }) => title)
  if (!file) throw new Error(`The recipe ${name} has no program in ${label}.`)
  return file.code
}
