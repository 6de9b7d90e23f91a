/** What partners generate from the contract compiles under `strict`, and takes them from an order to its numbers. */
import { execFile } from 'node:child_process'
import { cp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startSandbox } from '@recoveryconnect/sandbox'
import { beforeAll, describe, expect, test } from 'vitest'
import { generators } from '../generators.ts'
import { expected } from '../programs/shape.ts'

const names = Object.keys(generators)
// Inside the package, so that the generated code finds the runtime packages that it imports.
const work = fileURLToPath(new URL('../dist/typescript/', import.meta.url))
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
/** The compiler's errors, by generator. */
const errors = new Map<string, string[]>()

beforeAll(async () => {
  await rm(work, { recursive: true, force: true })
  for (const [name, generate] of Object.entries(generators)) {
    await generate(`${work}${name}/generated`)
    await cp(new URL(`../programs/${name}.ts`, import.meta.url), `${work}${name}/program.ts`)
    await cp(new URL('../programs/shape.ts', import.meta.url), `${work}${name}/shape.ts`)
  }
  await compile()
}, 120_000)

describe.each(names)('%s', (name) => {
  test('compiles under strict', () => expect(errors.get(name) ?? []).toEqual([]))

  test('goes from an order to the numbers, and creates, reads, updates and deletes a phone', async () => {
    const sandbox = await startSandbox({ port: 0 })
    const { runProgram } = await import(`${work}compiled/${name}/program.js`)
    expect(await runProgram(sandbox.url).finally(() => sandbox.close())).toEqual(expected)
  })
})

/** Compiles all programs at once. The compiler writes those with errors too, so each generator has its own result. */
async function compile(): Promise<void> {
  const compilerOptions = {
    strict: true,
    target: 'es2024',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
    module: 'nodenext',
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
    rootDir: '.',
    outDir: 'compiled',
  }
  const files = names.map((name) => `${name}/program.ts`)
  await writeFile(`${work}tsconfig.json`, JSON.stringify({ compilerOptions, files }))
  const { stdout } = await promisify(execFile)(process.execPath, [
    tsc,
    '-p',
    work,
    '--pretty',
    'false',
  ]).catch((failed: { stdout: string }) => failed)
  for (const line of stdout.split('\n').filter((text) => /error TS/.test(text))) {
    const name = names.find((known) => line.includes(`${known}/`)) ?? ''
    errors.set(name, [...(errors.get(name) ?? []), line])
  }
}
