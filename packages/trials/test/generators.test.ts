/** What partners generate from the contract compiles under `strict`, and takes them from an order to its numbers. */
import { fileURLToPath } from 'node:url'
import { startSandbox } from '@recoveryconnect/sandbox'
import { beforeAll, describe, expect, test } from 'vitest'
import { generators } from '../generators.ts'
import { expected } from '../programs/shape.ts'
import { compilePrograms } from '../typescript.ts'

const work = fileURLToPath(new URL('../dist/typescript/', import.meta.url))
let errors: Map<string, string[]>

beforeAll(async () => {
  errors = await compilePrograms(work, 'programs', 'program.ts', 'shape.ts')
}, 120_000)

describe.each(Object.keys(generators))('%s', (name) => {
  test('compiles under strict', () => expect(errors.get(name) ?? []).toEqual([]))

  test('goes from an order to the numbers, and creates, reads, updates and deletes a phone', async () => {
    const sandbox = await startSandbox({ port: 0 })
    const { runProgram } = await import(`${work}compiled/${name}/program.js`)
    expect(await runProgram(sandbox.url).finally(() => sandbox.close())).toEqual(expected)
  })
})
