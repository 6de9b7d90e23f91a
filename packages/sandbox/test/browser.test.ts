/** The sandbox for browsers: one small file without Node and `eval`. */
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { build } from 'rolldown'
import { beforeAll, expect, test } from 'vitest'
import type { Fetch } from '../src/fetch.ts'
import { collections } from '../src/resources/resources.gen.ts'
import { borrower, caller } from './calls.ts'

let code: string
beforeAll(async () => {
  const { output } = await build({
    input: fileURLToPath(new URL('../src/fetch.ts', import.meta.url)),
    platform: 'browser',
    write: false,
    output: { format: 'iife', name: 'sandbox', minify: true },
  })
  expect(output).toHaveLength(1)
  expect(output[0].imports).toEqual([])
  code = output[0].code
})

test('it has at most 17 KB gzipped, and 1.5 KB for each further resource', () => {
  const further = collections.filter(({ rules }) => rules).length - 1
  const bytes = gzipSync(code, { level: 9 }).length
  expect(bytes).toBeLessThanOrEqual((17 + 1.5 * further) * 1024)
})

test('it runs without `eval` on what browsers have', async () => {
  const globals = {
    Request,
    Response,
    URL,
    URLSearchParams,
    TextDecoder,
    TextEncoder,
    ReadableStream,
    atob,
    btoa,
  }
  const context = createContext(
    { ...globals, setTimeout, clearTimeout, Uint8Array, Headers },
    { codeGeneration: { strings: false, wasm: false } },
  )
  expect(() => runInContext('new Function("return 1")()', context)).toThrow(/Code generation from strings/)
  const { createSandboxFetch } = runInContext(`${code};sandbox`, context) as { createSandboxFetch(): Fetch }
  const call = caller('https://sandbox.invalid', createSandboxFetch() as typeof fetch)
  const { body } = await call('POST', borrower, { type: 6, number: '2025550143', memo: 'Zoë' })
  expect((await call('GET', `${borrower}/${body.data.id}`)).body.data.memo).toBe('Zoë')
  expect((await call('POST', borrower, { type: 'x' })).status).toBe(422)
})
