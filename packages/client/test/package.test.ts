/**
 * The built package in an empty project. `test/pack.test.ts` of the repository checks the tarballs of all packages:
 * their contents, their types for every way to import them, and their READMEs.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readModel } from '@recoveryconnect/spec/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  bundle,
  everything,
  instantiationsPerCall,
  oneCall,
  oneResource,
  programBytes,
} from '../bench/figures.ts'
import { ids, json, serve } from './servers.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const project = await mkdtemp(join(tmpdir(), 'client-'))
const modules = join(project, 'node_modules')
const dist = join(modules, '@recoveryconnect/client/dist')
const { publishConfig, ...manifest } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

beforeAll(async () => {
  await run('tsdown', { cwd: root })
  await cp(join(root, 'dist'), dist, { recursive: true })
  await writeFile(join(dist, '../package.json'), JSON.stringify({ ...manifest, ...publishConfig }))
  // The dependencies come from the workspace, so that the test needs no registry.
  const dependency = dirname(fileURLToPath(import.meta.resolve('openapi-fetch/package.json')))
  for (const name of ['openapi-fetch', 'openapi-typescript-helpers'])
    await cp(join(dependency, '..', name), join(modules, name), { recursive: true, dereference: true })
  await symlink(join(root, '../../node_modules/@types'), join(modules, '@types'))
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }')
})

afterAll(() => rm(project, { recursive: true }))

test('the build has one module for each format, and its only dependency is openapi-fetch', async () => {
  const files = (await readdir(dist)).sort()
  expect(files).toEqual(['client.cjs', 'client.d.cts', 'client.d.ts', 'client.js'])
  expect(Object.keys(manifest.dependencies)).toEqual(['openapi-fetch'])
  for (const name of files)
    expect(await readFile(join(dist, name), 'utf8')).not.toMatch(
      /^(import|export|.*require\().*@recoveryconnect\/spec/m,
    )
})

test('every public name has a docstring', async () => {
  const declarations = await readFile(join(dist, 'client.d.ts'), 'utf8')
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

test('a program runs', async () => {
  const server = await serve((socket) => void socket.write(json(200, { data: [] })))
  const program = oneCall.replace("token: 'any-token'", `token: 'any-token', baseUrl: '${server.url}'`)
  await writeFile(join(project, 'program.js'), program)
  expect((await run('node', ['program.js'], { cwd: project })).stdout).toBe('{ data: [] }\n')
  expect(server.arrived[0]?.path).toBe(`/api/v140/orders/${ids.order_id}/borrowers/${ids.borrower_id}/phones`)
})

describe('the compiler', () => {
  // NodeNext resolution is checked with the tarballs.
  test.concurrent('accepts every program in the README with bundler resolution', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8')
    const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
    expect(blocks.length).toBeGreaterThan(5)
    const folder = join(project, 'readme')
    await mkdir(folder)
    for (const [n, code] of blocks.entries())
      await writeFile(join(folder, `block-${n}.ts`), `${code}\nexport {}`)
    await writeFile(
      join(folder, 'modules.d.ts'),
      "declare module '@recoveryconnect/sandbox/fetch' { export function createSandboxFetch(): typeof fetch } declare module '@recoveryconnect/spec/validators' { export const listBorrowerPhones: { responses: { 200: (value: unknown) => value is object } } }",
    )
    const compilerOptions = {
      module: 'esnext',
      moduleResolution: 'bundler',
      target: 'es2023',
      lib: ['es2023'],
      types: ['node'],
      strict: true,
      skipLibCheck: false,
      noEmit: true,
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
    await run('tsc', ['--project', folder]).catch(({ stdout }) => expect(stdout).toBe(''))
  })

  test.concurrent('instantiates at most 20 types per call', async ({ expect }) => {
    expect(await instantiationsPerCall()).toBeLessThanOrEqual(20)
  })
})

describe('the bundle', () => {
  test('of a program with one call has at most 6,300 bytes', async () => {
    expect(await programBytes(oneCall)).toBeLessThanOrEqual(6_300)
  })

  test('of a program with a client and every helper has at most 9,000 bytes', async () => {
    expect(await programBytes(everything)).toBeLessThanOrEqual(9_000)
  })

  test('is smaller with a single resource', async () => {
    expect(await programBytes(oneResource)).toBeLessThan(await programBytes(oneCall))
  })

  const { operations, resources } = readModel()
  test.each(resources)('with $name has no other resource', async ({ name }) => {
    const code = await bundle(`import { ${name}, connect } from '@recoveryconnect/client'
console.log(${name}(connect({ token: 'any-token' })))`)
    const bundled = operations.filter(({ id }) => new RegExp(`[\`'"]${id}[\`'"]`).test(code))
    expect(new Set(bundled.map(({ resource }) => resource))).toEqual(new Set([name]))
  })

  test('leaves out what a program does not use', async () => {
    const parts = { dialing: 'is_deceased', outcome: 'pausesMs', login: 'renewBeforeMs', path: '/borrowers' }
    const partsIn = async (program: string) => {
      const code = await bundle(program)
      return Object.keys(parts).filter((part) => code.includes(parts[part as keyof typeof parts]))
    }
    expect(await partsIn(oneCall)).toEqual(['path'])
    expect(await partsIn(everything)).toEqual(Object.keys(parts))
    const dialing = `import { dialable } from '@recoveryconnect/client'\nconsole.log(dialable([]))`
    expect(await partsIn(dialing)).toEqual(['dialing'])
  })
})
