/** The program of the README that leads from an order to its numbers, as printed. */
import { readFile } from 'node:fs/promises'
import { examplePath, findResponse, readModel } from '@recoveryconnect/spec/model'
import { expect, onTestFinished, test, vi } from 'vitest'
import { address, borrower, json, lists, serve } from './servers.ts'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
const [, program = ''] = /^```ts\n([^`]*rc\.borrowers\.list[^`]*)```$/m.exec(readme) ?? []
const phone = { id: 1, number: '678-555-0142', valid: 1, no_contact: 0 }
const other = { ...phone, id: 2, number: '678-555-0143' }
const second = { ...borrower, id: 2 }
const noted = { ...phone, id: 3, no_contact: 1 }

test('it has ten lines', () => {
  expect(program.trim().split('\n')).toHaveLength(10)
})

test('it gets from the documented order to the documented numbers', async () => {
  const examples = new Map(lists.map((list) => [list.resource, findResponse(list, 200)?.examples[0]?.value]))
  const documented = examples.get('borrowerPhones') as { data: { number: string }[] }
  const { logged, paths } = await run((resource) => examples.get(resource))
  expect(logged).toEqual([documented.data.map(({ number }) => number)])
  const first = readModel().operations.find(({ id }) => id === 'listBorrowers')
  expect(paths[0]).toBe(examplePath(first ?? expect.unreachable()))
})

test.each<[string, Record<string, object[]>, logged: unknown[]]>([
  ['prints each number', { phones: [phone, other] }, [['678-555-0142', '678-555-0143']]],
  ['leaves out a marked phone', { phones: [noted, other] }, [['678-555-0143']]],
  [
    'leaves out all if an address is marked',
    { phones: [phone], addresses: [address, { ...address, no_contact: 1 }] },
    [[]],
  ],
  [
    'leaves out all if the borrower is deceased',
    { phones: [phone], borrowers: [{ ...borrower, is_deceased: 1 }] },
    [[]],
  ],
  [
    "leaves out a number that is marked on another borrower's record",
    { phones: [phone], borrowers: [borrower, second], phones2: [noted, other] },
    [[], ['678-555-0143']],
  ],
])('it %s', async (_, records, logged) => {
  const { borrowers = [borrower], phones = [], phones2 = [], addresses = [] } = records
  const server = (resource: string, path: string) => ({
    data: {
      borrowers,
      borrowerAddresses: addresses,
      borrowerPhones: /\/borrowers\/2\//.test(path) ? phones2 : phones,
    }[resource],
  })
  expect((await run(server)).logged).toEqual(logged)
})

/** Runs the program against a server. Only the name of the package is replaced. */
async function run(respond: (resource: string, path: string) => unknown) {
  const { url, arrived } = await serve((socket, { path }) => {
    const found = lists.find((list) => path.endsWith(list.path.split('/').at(-1) ?? ''))
    socket.write(json(200, respond(found?.resource ?? '', path)))
  })
  const logged: unknown[] = []
  vi.spyOn(console, 'log').mockImplementation((value) => logged.push(value))
  vi.stubEnv('RECOVERYCONNECT_URL', url)
  vi.stubEnv('RECOVERYCONNECT_TOKEN', 'any-token')
  onTestFinished(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  })
  const client = new URL('../src/client.ts', import.meta.url).href
  // Without the comment, a second import would return the module of the first.
  const code = `${program.replace("'@recoveryconnect/client'", `'${client}'`)}// ${url}`
  await import(`data:text/javascript,${encodeURIComponent(code)}`)
  return { logged, paths: arrived.map(({ path }) => path) }
}
