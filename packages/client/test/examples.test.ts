import { readFile } from 'node:fs/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { parse } from 'yaml'
import { contractFile, operationsFile } from '../generate.ts'

const contract = parse(await readFile(contractFile, 'utf8'))
const generated = await readFile(operationsFile, 'utf8')
const examples = [...generated.matchAll(/@example\n((?: +\* ?.*\n)+?) +\*\//g)].map(([, lines = '']) =>
  lines.replace(/^ +\* ?/gm, ''),
)
const operations = Object.values<Record<string, { operationId?: string }>>(contract.paths).flatMap((item) =>
  Object.values(item).flatMap(({ operationId }) => operationId ?? []),
)

describe('the examples of the generated operations run', () => {
  test('there is one for each operation', () => expect(examples).toHaveLength(operations.length))

  test.each(examples.map((code) => [/await (rc\.\w+\.\w+)/.exec(code)?.[1], code]))(
    '%s',
    async (_, code = '') => {
      vi.stubEnv('RECOVERYCONNECT_TOKEN', 'any-token')
      const answers: unknown[] = []
      vi.spyOn(console, 'log').mockImplementation((answer) => answers.push(answer))
      vi.stubGlobal('fetch', async (url: string, init: { method: string }) =>
        Response.json(exampleAnswer(url, init.method)),
      )
      onTestFinished(() => {
        vi.unstubAllGlobals()
        vi.unstubAllEnvs()
        vi.restoreAllMocks()
      })
      const client = new URL('../src/client.ts', import.meta.url).href
      await import(
        `data:text/javascript,${encodeURIComponent(code.replace("'@recoveryconnect/client'", `'${client}'`))}`
      )
      expect(answers).toHaveLength(1)
      expect(operations.map((id) => contractExample(id))).toContainEqual(answers[0])
    },
  )
})

function exampleAnswer(url: string, method: string): unknown {
  const path = new URL(url).pathname
  const [, item] =
    Object.entries<Record<string, { operationId: string }>>(contract.paths).find(([template]) =>
      new RegExp(`^${template.replace(/\{\w+\}/g, '\\d+')}$`).test(path),
    ) ?? []
  return contractExample(item?.[method.toLowerCase()]?.operationId ?? '')
}

/** The first example of an operation's 200. */
function contractExample(id: string): unknown {
  for (const item of Object.values<
    Record<
      string,
      {
        operationId?: string
        responses: Record<string, { content: Record<string, { examples: Record<string, { $ref: string }> }> }>
      }
    >
  >(contract.paths))
    for (const { operationId, responses } of Object.values(item))
      if (operationId === id) {
        const [example] = Object.values(responses['200']?.content['application/json']?.examples ?? {})
        return contract.components.examples[example?.$ref.split('/').at(-1) ?? ''].value
      }
  throw new Error(`no example for ${id}`)
}
