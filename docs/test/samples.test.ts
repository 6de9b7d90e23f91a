/** Runs every sample, unchanged, against a sandbox of its own. */
import { type Operation, readModel } from '@recoveryconnect/spec/model'
import { afterAll, describe, expect, it } from 'vitest'
import { type Call, exampleCall, sandbox as localSandbox, server as production } from '../samples/call.ts'
import { languages } from '../samples/languages.ts'
import { prepareLanguages, startServer, startWorld, type World } from './programs.ts'
import { run } from './toolchains.ts'

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
/** Each of these characters ends a text or is replaced in one of the languages. */
const memo = `O\\'Brien "said" \\n $HOME \${x} \`id\` {0} %s "" '' é`
const quoting = {
  name: 'quoting',
  operation: create,
  call: { ...exampleCall(create), body: { type: 6, number: '2025550143', memo } },
}

const prepared = await prepareLanguages((language) =>
  [...samples, quoting].map(({ name, operation, call }) => ({
    name: name.replace(' ', '-'),
    code: language.render(operation, call),
  })),
)
afterAll(prepared.remove)

describe.concurrent.each(prepared.languages)('$label', ({ id, commandOf }) => {
  it.for([...samples, quoting])(
    '$name',
    async ({ name, operation, call }, { skip, expect, onTestFinished }) => {
      if (!commandOf) return skip()
      const world = await startWorld({ onTestFinished })
      const { status, stdout, stderr } = await run(commandOf(name.replace(' ', '-')), world.variables)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain(operation.id === 'createAccessToken' ? 'access_token' : 'data')
      expect(await world.listRequests()).toEqual([`${operation.id} 200`])
      await expectStored(world, operation, call, expect)
    },
  )

  it('prints the body of a failed call and fails', async ({ skip, expect, onTestFinished }) => {
    if (!commandOf) return skip()
    const world = await startWorld({ onTestFinished })
    const variables = { ...world.variables, RECOVERYCONNECT_TOKEN: 'sandbox-expired' }
    const { status, stdout, stderr } = await run(commandOf('updateBorrowerPhone-do-not-contact'), variables)
    expect(status).toBe(id === 'curl' ? 22 : 1)
    expect(stdout + stderr).toContain('Unauthenticated')
  })

  it("doesn't follow a redirect", async ({ skip, expect }) => {
    if (!commandOf) return skip()
    await using elsewhere = await startServer((_, response) => response.end('{"data": {}}'))
    await using server = await startServer((_, response) =>
      response.writeHead(307, { location: elsewhere.url }).end('{"message": "Moved."}'),
    )
    await run(commandOf('createBorrowerPhone-all-fields'), { RECOVERYCONNECT_URL: server.url })
    expect([server.arrived, elsewhere.arrived]).toEqual([['POST'], []])
  })
})

describe.each(languages)('$label', ({ render }) => {
  it.each(samples)('$name uses the local sandbox, and names production', ({ operation, call }) => {
    const code = render(operation, call)
    expect(code).toContain(localSandbox)
    expect(code).toMatch(new RegExp(`(#|//) .*${production}\\.$`, 'm'))
  })

  it('the first sample of an update marks the number do-not-contact', () => {
    const code = render(update, exampleCall(update))
    expect(code).toMatch(/no_contact\W+1\b/)
    expect(code).not.toMatch(/no_contact\W+0/)
  })

  it("an id can't end the text that contains it", () => {
    const ids = { order_id: `'"$(x)`, borrower_id: '`x`', phone_id: '../{y}\\' }
    const code = render(update, { ids, body: {} })
    expect(code).toMatch(/%27%22%24%28x%29|'\\'"\$\(x\)'|"'\\"\$\(x\)"/)
  })
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
