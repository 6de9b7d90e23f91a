/** The figures that don't vary: the size of a bundle and the work of the compiler. The tests check them. */
import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))
const ids = '{ order_id: 57062885, borrower_id: 124927241 }'

/** A program with one call. */
export const oneCall = `import { createClient } from '@recoveryconnect/client'
const rc = createClient({ token: 'any-token' })
console.log(await rc.borrowerPhones.list(${ids}))`

/** The same with a connection and a single resource. */
export const oneResource = `import { borrowerPhones, connect } from '@recoveryconnect/client'
const { list } = borrowerPhones(connect({ token: 'any-token' }))
console.log(await list(${ids}))`

/** A program with a client and every helper, except `openapiClient`, because it adds the package openapi-fetch. */
export const everything = `import {
  checkResponses, createClient, createOutcome, dialable, loginToken, mayBeDialled, objectionsTo, RecoveryConnectError,
} from '@recoveryconnect/client'
const rc = createClient({ token: loginToken({ username: 'u', password: 'p' }), checkResponse: checkResponses({}) })
console.log(rc, createOutcome, dialable, mayBeDialled, objectionsTo, RecoveryConnectError)`

/**
 * Bundles a program and its imports into one minified module.
 *
 * @param operations replaces the text of `operations.gen.ts`, to measure a larger contract.
 */
export async function bundle(program: string, operations?: string): Promise<string> {
  const entry = `${root}program.ts`
  const build = await rolldown({
    input: entry,
    platform: 'browser',
    logLevel: 'silent',
    plugins: [
      {
        name: 'program',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? program : id.endsWith('/operations.gen.ts') ? operations : undefined),
      },
    ],
  })
  const { output } = await build.generate({ minify: true, codeSplitting: false })
  await build.close()
  return output[0].code
}

/** The size of a bundled program in bytes, minified and gzipped. */
export async function programBytes(program: string, operations?: string): Promise<number> {
  return gzipSync(await bundle(program, operations), { level: 9 }).length
}

/** The number of types that the compiler instantiates for one more call of a resource method, over 50 calls. */
export async function instantiationsPerCall(): Promise<number> {
  const calls = Array.from({ length: 10 }, (_, n) => [
    `const { data: list${n} } = await rc.borrowerPhones.list(ids)`,
    `const { data: created${n} } = await rc.borrowerPhones.create(ids, { type: 6, number: '6785550142', no_contact: 0 })`,
    `const { data: got${n} } = await rc.borrowerPhones.get({ ...ids, phone_id: list${n}.length })`,
    `const updated${n} = await rc.borrowerPhones.update({ ...ids, phone_id: got${n}.id }, { no_contact: 1 }).result()`,
    `export const deleted${n} = [updated${n}.ok, await rc.borrowerPhones.delete({ ...ids, phone_id: created${n}.id })]`,
  ]).flat()
  const before = [
    `import { createClient } from '@recoveryconnect/client'`,
    `const rc = createClient({ token: 't' })`,
    `const ids = ${ids}`,
  ]
  const [without = 0, withCalls = 0] = await Promise.all([
    instantiations([...before, 'export { ids, rc }']),
    instantiations([...before, ...calls]),
  ])
  return (withCalls - without) / calls.length
}

async function instantiations(lines: string[]): Promise<number> {
  // Inside the package, so that its own name resolves.
  const folder = `${root}report/instantiations-${lines.length}/`
  await mkdir(folder, { recursive: true })
  try {
    await writeFile(`${folder}program.ts`, lines.join('\n'))
    await writeFile(
      `${folder}tsconfig.json`,
      JSON.stringify({ extends: `${root}tsconfig.json`, include: ['program.ts'] }),
    )
    const { stdout } = await promisify(execFile)('tsc', ['--extendedDiagnostics', '--project', folder])
    return Number(/^Instantiations:\s+(\d+)/m.exec(stdout)?.[1])
  } finally {
    await rm(folder, { recursive: true })
  }
}
