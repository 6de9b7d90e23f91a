import { readFile } from 'node:fs/promises'
import { type Operation, readModel } from '@recoveryconnect/spec/model'
import { expect, onTestFinished, test, vi } from 'vitest'
import { operationsFile } from '../generate.ts'

const { operations } = readModel()
const generated = await readFile(operationsFile, 'utf8')
const examples = [...generated.matchAll(/@example\n((?: +\* ?.*\n)+?) +\*\//g)].map(([, lines = '']) =>
  lines.replace(/^ +\* ?/gm, ''),
)

test('each operation has an example', () => {
  expect(examples).toHaveLength(operations.length)
})

test.each(examples.map((code) => [/await (rc\.\w+\.\w+)/.exec(code)?.[1], code]))(
  'the example of %s runs',
  async (_, code = '') => {
    vi.stubEnv('RECOVERYCONNECT_TOKEN', 'any-token')
    const logged: unknown[] = []
    vi.spyOn(console, 'log').mockImplementation((value) => logged.push(value))
    vi.stubGlobal('fetch', async (url: string, init: { method: string }) =>
      Response.json(exampleResponse(findByUrl(url, init.method))),
    )
    onTestFinished(() => {
      vi.unstubAllGlobals()
      vi.unstubAllEnvs()
      vi.restoreAllMocks()
    })
    const client = new URL('../src/client.ts', import.meta.url).href
    const program = code.replace("'@recoveryconnect/client'", `'${client}'`)
    await import(`data:text/javascript,${encodeURIComponent(program)}`)
    expect(logged).toHaveLength(1)
    expect(operations.map(exampleResponse)).toContainEqual(logged[0])
  },
)

function findByUrl(url: string, method: string): Operation | undefined {
  const { pathname } = new URL(url)
  return operations.find(
    (operation) =>
      operation.method === method &&
      new RegExp(`^${operation.path.replace(/\{\w+\}/g, '\\d+')}$`).test(pathname),
  )
}

/** The first example of the 200 response. */
function exampleResponse(operation: Operation | undefined): unknown {
  return operation?.responses.find(({ status }) => status === '200')?.examples[0]?.value
}
