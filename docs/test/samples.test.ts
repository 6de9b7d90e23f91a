/** Runs every sample, unchanged, against a sandbox of its own. */
import { text } from 'node:stream/consumers'
import { type Operation, readModel } from '@recoveryconnect/spec/model'
import { afterAll, describe, expect, it } from 'vitest'
import {
  type Call,
  describeSample,
  exampleCall,
  sandbox as localSandbox,
  server as production,
} from '../samples/call.ts'
import { languages } from '../samples/languages.ts'
import { reserveClosedPort, startServer, startWorld, type World, writeCurlrc } from './servers.ts'
import { prepareLanguages, run } from './toolchains.ts'

const { operations } = readModel()
const samples = operations.flatMap((operation) =>
  (operation.body?.examples ?? [undefined]).map((example) => ({
    name: [operation.id, example?.name].filter(Boolean).join(' '),
    operation,
    call: exampleCall(operation, example?.name),
  })),
)
const create = findOperation('createBorrowerPhone')
const update = findOperation('updateBorrowerPhone')
/** Each of these characters ends a string or is replaced in one of the languages. */
const memo = `O\\'Brien "said" \\n $HOME \${x} \`id\` {0} %s "" '' é`
const quoting = {
  name: 'quoting',
  operation: create,
  call: { ...exampleCall(create), body: { type: 6, number: '2025550143', memo } },
}
/** Its values are the defaults, if the environment has no account. */
const quotedAccount = {
  name: 'quoted-account',
  operation: findOperation('createAccessToken'),
  call: { ids: {}, body: { username: memo, password: memo } },
}

const prepared = await prepareLanguages((language) =>
  [...samples, quoting, quotedAccount].map(({ name, operation, call }) => ({
    name: name.replace(' ', '-'),
    code: language.render(describeSample(operation, call)),
  })),
)
afterAll(prepared.remove)

const account = {
  RECOVERYCONNECT_USERNAME: 'sample-user',
  RECOVERYCONNECT_PASSWORD: `"pass" \\'word`,
}
const secrets = { access_token: 'secret-access', refresh_token: 'secret-refresh' }
/** What the server does, and what the sample says. */
const failures = [
  { what: 'a 401', status: 401, body: '{"message": "Unauthenticated."}', says: /401[\s\S]*Unauthenticated/ },
  { what: 'a 502 without a body', status: 502, says: /502/ },
  { what: 'a connection that closes', status: 0, says: /./ },
  { what: 'a redirect without a body', status: 307, says: /307|[Rr]edirect/ },
]
/** What a program prints if it doesn't catch an error. */
const stackTrace = /^\s+at |Traceback|Unhandled|Fatal/m

describe.concurrent.each(prepared.languages)('$label', ({ id, commandOf }) => {
  it.for([...samples, quoting])(
    '$name',
    async ({ name, operation, call }, { skip, expect, onTestFinished }) => {
      if (!commandOf) return skip()
      const world = await startWorld({ onTestFinished })
      const { status, stdout, stderr } = await run(commandOf(name.replace(' ', '-')), world.variables)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain(operation.id === 'createAccessToken' ? 'The token is valid for ' : 'data')
      expect(await world.listRequests()).toEqual([`${operation.id} 200`])
      await expectStored(world, operation, call, expect)
    },
  )

  const fails = async (check: typeof expect, url: string, says: RegExp, own?: NodeJS.ProcessEnv) => {
    const command = commandOf?.('createBorrowerPhone-all-fields') ?? []
    const { status, stdout, stderr } = await run(command, { RECOVERYCONNECT_URL: url, ...own })
    // curl prints the body of a response in any case.
    check(id === 'curl' ? stderr + stdout : stderr).toMatch(says)
    check(stderr).not.toMatch(stackTrace)
    if (id === 'curl') check(status).toBeGreaterThan(0)
    else check({ status, stdout }).toEqual({ status: 1, stdout: '' })
  }

  it.for(failures)(
    'fails with a clear message after $what',
    async (failure, { skip, expect, onTestFinished }) => {
      if (!commandOf) return skip()
      await using elsewhere = await startServer((_, response) => response.end('{"data": {}}'))
      await using server = await startServer((request, response) => {
        if (failure.status === 0) request.socket.destroy()
        else response.writeHead(failure.status, { location: elsewhere.url }).end(failure.body)
      })
      await fails(expect, server.url, failure.says, await writeCurlrc({ onTestFinished }))
      expect([server.arrived, elsewhere.arrived]).toEqual([['POST'], []])
    },
  )

  it('sends no body with a read', async ({ skip, expect }) => {
    if (!commandOf) return skip()
    const headers: object[] = []
    await using server = await startServer((request, response) => {
      headers.push({ length: request.headers['content-length'], type: request.headers['content-type'] })
      response.end('{"data": []}')
    })
    await run(commandOf('listBorrowers'), { RECOVERYCONNECT_URL: server.url })
    // Java 17 sends a Content-Length of 0 with every read.
    const length = id === 'java' ? expect.toBeOneOf(['0', undefined]) : undefined
    expect(headers).toEqual([{ length, type: undefined }])
  })

  it('prints no part of a token that no header can have as it is', async ({ skip, expect }) => {
    if (!commandOf) return skip()
    await using server = await startServer((_, response) => response.writeHead(401).end('{}'))
    for (const token of ['secret-token,2', 'secret-token é']) {
      const variables = { RECOVERYCONNECT_URL: server.url, RECOVERYCONNECT_TOKEN: token }
      const { stdout, stderr } = await run(commandOf('listBorrowers'), variables)
      expect(stdout + stderr).not.toMatch(/secret-/)
    }
  })

  it('fails with a clear message if no server listens', async ({ skip, expect, onTestFinished }) => {
    if (!commandOf) return skip()
    await fails(expect, await reserveClosedPort({ onTestFinished }), /./)
  })

  it.for([
    { whose: 'the environment', name: 'createAccessToken-account', variables: account },
    { whose: 'the sample', name: 'quoted-account', variables: {} },
  ])(
    'logs in with the account of $whose, and says only how long the token is valid',
    async (given, context) => {
      if (!commandOf) return context.skip()
      const bodies: unknown[] = []
      await using server = await startServer(async (request, response) => {
        bodies.push(JSON.parse(await text(request)))
        response.end(JSON.stringify({ token_type: 'Bearer', expires_in: 3600, ...secrets }))
      })
      const variables = { ...given.variables, RECOVERYCONNECT_URL: server.url }
      const outcome = await run(commandOf(given.name), variables)
      const stdout = 'The token is valid for 3600 seconds.\n'
      context.expect(outcome).toEqual({ status: 0, stdout, stderr: '' })
      const [username = memo, password = memo] = Object.values(given.variables)
      context.expect(bodies).toEqual([{ username, password }])
    },
  )

  it.for([403, 307])('prints no token if a login ends with the status %d', async (code, { skip, expect }) => {
    if (!commandOf) return skip()
    await using elsewhere = await startServer((_, response) => response.end(JSON.stringify(secrets)))
    await using server = await startServer((_, response) =>
      response.writeHead(code, { location: elsewhere.url }).end(JSON.stringify(secrets)),
    )
    const { status, stdout, stderr } = await run(commandOf('createAccessToken-account'), {
      RECOVERYCONNECT_URL: server.url,
    })
    expect({ status: id === 'curl' ? Math.min(status, 1) : status, stdout }).toEqual({
      status: 1,
      stdout: '',
    })
    expect(stderr).toMatch(/403|307|[Rr]edirect/)
    expect(stderr).not.toMatch(/secret-/)
    expect([server.arrived, elsewhere.arrived]).toEqual([['POST'], []])
  })
})

it("PHP sends nothing if the account isn't UTF-8", async ({ skip }) => {
  const php = prepared.languages.find(({ id }) => id === 'php')?.commandOf
  if (!php) return skip()
  await using server = await startServer((_, response) => response.end('{"expires_in": 3600}'))
  const latin1 = `RECOVERYCONNECT_PASSWORD=$'caf\\xe9' exec "$@"`
  const { status } = await run(['bash', '-c', latin1, 'bash', ...php('createAccessToken-account')], {
    RECOVERYCONNECT_URL: server.url,
  })
  expect({ status, arrived: server.arrived }).toEqual({ status: 255, arrived: [] })
})

describe.each(languages)('$label', ({ render }) => {
  it.each(samples)('$name uses the local sandbox, and names production', ({ operation, call }) => {
    const code = render(describeSample(operation, call))
    expect(code).toContain(localSandbox)
    expect(code).toMatch(new RegExp(`(#|//) .*${production}(, and replace the ids)?\\.$`, 'm'))
  })

  it('the first sample of an update marks the number do-not-contact', () => {
    const code = render(describeSample(update))
    expect(code).toMatch(/no_contact\W+1\b/)
    expect(code).not.toMatch(/no_contact\W+0/)
  })

  it('a login with a field that no variable can be named after is still a program', () => {
    const operation = findOperation('createAccessToken')
    for (const body of [{ '1a': 'x' }, ['x']])
      expect(render(describeSample(operation, { ids: {}, body }))).not.toMatch(/RECOVERYCONNECT_(1A|0)\b/)
  })

  it('an operation without a token that is no login prints its response', () => {
    const code = render(describeSample({ ...findOperation('listBorrowers'), needsToken: false }))
    expect(code).not.toMatch(/token is valid|Gson|Newtonsoft|jq|RECOVERYCONNECT_TOKEN/)
  })

  it("an id can't end the text that contains it", () => {
    const ids = { order_id: `'"$(x)`, borrower_id: '`x`', phone_id: '../{y}\\' }
    const code = render(describeSample(update, { ids, body: {} }))
    expect(code).toMatch(/%27%22%24%28x%29|'\\'"\$\(x\)'|"'\\"\$\(x\)"/)
  })
})

it('PowerShell gets every kind of quote that ends its strings twice', () => {
  const render = languages.find(({ id }) => id === 'powershell')?.render
  const code = render?.(
    describeSample(create, { ...exampleCall(create), body: { memo: `'O’Brien‘ ‚x‛ “y”` } }),
  )
  expect(code).toContain(`"memo": "''O’’Brien‘‘ ‚‚x‛‛ “y”"`)
})

it('an unknown example is an error that lists the known ones', () => {
  expect(() => exampleCall(update, 'do-not-call')).toThrow(/do-not-contact, all-fields/)
})

/** Checks that the sandbox has the fields that the sample sent. */
async function expectStored(
  world: World,
  { verb, id }: Operation,
  { ids, body }: Call,
  check: typeof expect,
): Promise<void> {
  if (id === 'createAccessToken') return
  const phones = await world.listPhones()
  const known = [39317578, 39317579, 39317580]
  const { number, ...fields } = (body ?? {}) as Record<string, unknown>
  const digits = number === undefined ? {} : { digits: String(number).replaceAll('-', '') }
  const isMine = (phone: { id: number }) =>
    verb === 'create' ? !known.includes(phone.id) : phone.id === ids.phone_id
  if (verb === 'create' || verb === 'update')
    check(phones.filter(isMine)).toEqual([check.objectContaining({ ...fields, ...digits })])
  if (verb === 'delete') check(phones.filter(isMine)).toEqual([])
}

function findOperation(id: string): Operation {
  const found = operations.find((operation) => operation.id === id)
  if (!found) throw new Error(`The contract has no ${id}.`)
  return found
}
