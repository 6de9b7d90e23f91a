/** The package as its users get it: packed, installed into an empty project, type-checked and run there. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { instantiationsPerCall, oneCall, oneResource, programBytes } from '../bench/figures.ts'
import { ids, json, serve } from './servers.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const readme = await readFile(join(root, 'README.md'), 'utf8')
const project = await mkdtemp(join(tmpdir(), 'client-'))
const installed = join(project, 'node_modules/@recoveryconnect/client')

beforeAll(async () => {
  await run('tsdown', { cwd: root })
  await run('npx', ['--yes', `pnpm@${await pnpmVersion()}`, 'pack', '--pack-destination', project], {
    cwd: root,
  })
  // What it depends on comes from the workspace, so that nothing is asked of a registry. Copies, because the links of
  // the workspace would become links in the tarball.
  const fetched = dirname(fileURLToPath(import.meta.resolve('openapi-fetch/package.json')))
  for (const name of ['openapi-fetch', 'openapi-typescript-helpers']) {
    await cp(join(dirname(fetched), name), join(project, 'sources', name), {
      recursive: true,
      dereference: true,
    })
    await run('npm', ['pack', '--ignore-scripts', `./sources/${name}`], { cwd: project })
  }
  const tarballs = (await readdir(project)).filter((name) => name.endsWith('.tgz')).map((name) => `./${name}`)
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs], {
    cwd: project,
  })
}, 240_000)

vi.setConfig({ testTimeout: 120_000 })

afterAll(() => rm(project, { recursive: true }))

test('the tarball holds what is needed and nothing else', async () => {
  expect((await readdir(installed, { recursive: true })).sort()).toEqual([
    'LICENSE',
    'README.md',
    'dist',
    'dist/client.d.ts',
    'dist/client.js',
    'package.json',
  ])
  const manifest = await readFile(join(installed, 'package.json'), 'utf8')
  expect(Object.keys(JSON.parse(manifest).dependencies)).toEqual(['openapi-fetch'])
  expect(manifest).not.toMatch(/workspace:|catalog:/)
  for (const name of ['client.d.ts', 'client.js'])
    expect(await readFile(join(installed, 'dist', name), 'utf8')).not.toMatch(
      /^(import|export) .*@recoveryconnect\/spec/m,
    )
})

test('publint finds nothing', async () => {
  expect((await publint({ pkgDir: installed, pack: false, strict: true })).messages).toEqual([])
})

test('the types are right for everyone who can import it', async () => {
  const name = (await readdir(project)).find((file) => file.startsWith('recoveryconnect-client')) ?? ''
  const analysis = await checkPackage(createPackageFromTarballData(await readFile(join(project, name))))
  if (!analysis.types) throw new Error('the package has no types')
  // A package of ES modules alone, for Node 22 and newer: old resolution and `require` without ES modules do not apply.
  const applies = analysis.problems.filter(
    ({ kind }) => kind !== 'CJSResolvesToESM' && kind !== 'NoResolution',
  )
  expect(applies).toEqual([])
  expect(
    Object.values(analysis.entrypoints['.']?.resolutions ?? {}).map(({ resolutionKind, resolution }) => [
      resolutionKind,
      resolution?.fileName.split('/').at(-1),
    ]),
  ).toEqual([
    ['node10', undefined],
    ['node16-cjs', 'client.d.ts'],
    ['node16-esm', 'client.d.ts'],
    ['bundler', 'client.d.ts'],
  ])
})

test('every public name is documented', async () => {
  const declarations = await readFile(join(installed, 'dist/client.d.ts'), 'utf8')
  const listed = /^export type \{ (.+) \};$/m.exec(declarations)?.[1]?.split(', ') ?? []
  const inPlace = [
    ...declarations.matchAll(/^export (?:declare )?(?:interface|type|class|const|function) (\w+)/gm),
  ]
  const names = [...listed, ...inPlace.map(([, name]) => name)]
  expect(names.length).toBeGreaterThan(30)
  const documented = [
    ...declarations.matchAll(/\*\/\n(?:export )?(?:declare )?(?:interface|type|class|const|function) (\w+)/g),
  ].map(([, name]) => name)
  expect(names.filter((name) => !documented.includes(name))).toEqual([])
})

describe('in an empty project', () => {
  test.each([
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ])('every program of the README passes the type check: %s', async (moduleResolution, module) => {
    const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
    expect(blocks.length).toBeGreaterThan(5)
    const folder = join(project, moduleResolution)
    await mkdir(folder)
    for (const [n, code] of blocks.entries()) await writeFile(join(folder, `block-${n}.ts`), code)
    await writeFile(
      join(folder, 'sandbox.d.ts'),
      "declare module '@recoveryconnect/sandbox/fetch' { export function createSandboxFetch(): typeof fetch } declare module '@recoveryconnect/spec/validators' { export const listBorrowerPhones: { responses: { 200: (value: unknown) => value is object } } }",
    )
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2023',
      lib: ['es2023'],
      types: ['node'],
      strict: true,
      skipLibCheck: false,
      noEmit: true,
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
    await symlink(join(root, '../../node_modules/@types'), join(folder, 'node_modules')).catch(() => {})
    await run('tsc', ['--project', folder]).catch(({ stdout }) => expect(stdout).toBe(''))
  })

  test('a program runs', async () => {
    const server = await serve((socket) => void socket.write(json(200, { data: [] })))
    const program = oneCall.replace("token: 'any-token'", `token: 'any-token', baseUrl: '${server.url}'`)
    await writeFile(join(project, 'program.js'), program)
    expect((await run('node', ['program.js'], { cwd: project })).stdout).toBe('{ data: [] }\n')
    expect(server.arrived[0]?.path).toBe(
      `/api/v140/orders/${ids.order_id}/borrowers/${ids.borrower_id}/phones`,
    )
  })
})

describe('figures that do not vary', () => {
  test('a program of one call takes at most 5,500 bytes', async () => {
    expect(await programBytes(oneCall)).toBeLessThanOrEqual(5_500)
  })

  test('over a connection it takes less, for it has one resource', async () => {
    expect(await programBytes(oneResource)).toBeLessThan(await programBytes(oneCall))
  })

  test('the compiler instantiates at most 20 types per call', async () => {
    expect(await instantiationsPerCall()).toBeLessThanOrEqual(20)
  })
})

async function pnpmVersion(): Promise<string> {
  const { devEngines } = JSON.parse(await readFile(join(root, '../../package.json'), 'utf8'))
  return devEngines.packageManager.version
}
