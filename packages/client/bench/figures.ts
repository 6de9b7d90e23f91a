/** The figures that do not vary: bytes of a program, work of the type checker. The tests hold them to their goals. */
import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))
const ids = '{ order_id: 57062885, borrower_id: 124927241 }'

/** The program of one call, as a partner's first page has it. */
export const oneCall = `import { createClient } from '@recoveryconnect/client'
const rc = createClient({ token: 'any-token' })
console.log(await rc.borrowerPhones.list(${ids}))`

/** The same over a connection, with one resource alone. */
export const oneResource = `import { borrowerPhones, connect } from '@recoveryconnect/client'
const { list } = borrowerPhones(connect({ token: 'any-token' }))
console.log(await list(${ids}))`

/**
 * A program as one minified module, with all that it imports.
 *
 * @param operations the text of another `operations.gen.ts`, to see what a larger contract does.
 */
export async function bundled(program: string, operations?: string): Promise<string> {
  const entry = `${root}program.ts`
  const bundle = await rolldown({
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
  const { output } = await bundle.generate({ minify: true, codeSplitting: false })
  await bundle.close()
  return output[0].code
}

/** How many bytes a program takes over the network, minified and gzipped. */
export async function programBytes(program: string, operations?: string): Promise<number> {
  return gzipSync(await bundled(program, operations), { level: 9 }).length
}

/** How many types the compiler instantiates for one more call of the facade, over 50 calls. */
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
  const [without, withCalls] = [
    await instantiations([...before, 'export { ids, rc }']),
    await instantiations([...before, ...calls]),
  ]
  return (withCalls - without) / calls.length
}

async function instantiations(lines: string[]): Promise<number> {
  // Within the package, so that its name leads to it.
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
