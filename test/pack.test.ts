/** The packages as users get them: packed, installed into an empty project, and used as their READMEs say. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { compile, settings } from './compilers.ts'
import { json, type Package, released, root } from './packages.ts'
import { loadAll, undefinedOptions } from './programs.ts'

const run = promisify(execFile)
/** The size limit of each packed package: about twice its size. */
const largestKiB: Record<string, number> = {
  '@recoveryconnect/client': 120,
  '@recoveryconnect/contract-tests': 100,
  '@recoveryconnect/faults': 160,
  '@recoveryconnect/mock': 600,
  '@recoveryconnect/sandbox': 180,
  '@recoveryconnect/spec': 200,
}
/** The oldest Node that the client and the contract claim to support. */
const oldestNode = `${json('packages/client/package.json').engines.node.replace('>=', '')}.0`
/** The second one is the first Node 22 that can also require ES modules. */
const olderNodes = [oldestNode, '22.12.0']
const project = await mkdtemp(join(tmpdir(), 'recoveryconnect-pack-'))
const older = join(project, 'older')
const installed = (name: string) => join(project, 'node_modules', name)
const tarball = ({ name, version }: { name: string; version: string }) =>
  join(project, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)

beforeAll(async () => {
  const { stdout } = await run('pnpm', ['run', 'pack', project], { cwd: root })
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  const [install] = /^npm install .+$/m.exec(stdout) ?? []
  // Install scripts may run, as they do for users.
  await run('sh', ['-c', `${install} --no-audit --no-fund`], { cwd: project })
  // These packages have only the program of one platform, and no install script.
  const platform = `${process.platform.replace('win32', 'win')}-${process.arch}`
  const nodes = olderNodes.map((version) => `node-${version}@npm:node-${platform}@${version}`)
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', older, ...nodes])
}, 300_000)

let servers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(servers.map((end) => end()))
  servers = []
})
afterAll(() => rm(project, { recursive: true }))

describe.each(released)('$name', (pkg) => {
  const { name } = pkg

  test('has only the files that it needs', async () => {
    const files = (await readdir(installed(name), { recursive: true })).sort()
    expect(files.filter((file) => !/^dist($|\/)/.test(file))).toEqual([
      'LICENSE',
      'README.md',
      'package.json',
    ])
    expect(files.filter((file) => /\.(map|tsx?|tsbuildinfo)$/.test(file) && !/\.d\.ts$/.test(file))).toEqual(
      [],
    )
    const { size } = await stat(tarball(pkg))
    console.log(`${name} ${pkg.version}: ${(size / 1024).toFixed(1)} KiB packed, ${files.length} entries`)
    expect(size / 1024).toBeLessThan(largestKiB[name] ?? 0)
  })

  test('has a complete manifest without references to the workspace', async () => {
    const text = await readFile(join(installed(name), 'package.json'), 'utf8')
    expect(text).not.toMatch(/workspace:|catalog:|"\.\/src|"\.\/provenance/)
    const { license, engines, description, scripts = {}, dependencies = {} } = JSON.parse(text)
    expect({ license, engines, description }).toEqual({
      license: 'MIT',
      engines: { node: expect.stringMatching(/^>=\d+/) },
      description: expect.stringMatching(/\.$/),
    })
    expect(Object.keys(scripts).filter((script) => /install$|^prepare/.test(script))).toEqual([])
    expect(
      Object.keys(dependencies).filter((dependency) => dependency.startsWith('@recoveryconnect/')),
    ).toEqual([])
  })

  test('publint finds nothing', async () => {
    const { messages } = await publint({ pkgDir: installed(name), pack: false, strict: true })
    expect(messages).toEqual([])
  })

  test('every entry point has correct types', async () => {
    const exported = Object.keys(pkg.manifest.publishConfig.exports).filter(
      (key) => !/\.(json|yaml)$/.test(key),
    )
    const analysis = await checkPackage(createPackageFromTarballData(await readFile(tarball(pkg))), {
      entrypoints: exported,
    })
    if (!analysis.types) throw new Error(`${name} has no types`)
    // The suite is a command. It's an ES module only.
    const isCommand = name === '@recoveryconnect/contract-tests'
    const applies = analysis.problems.filter(
      (problem) =>
        !isCommand ||
        (problem.kind !== 'CJSResolvesToESM' &&
          !(problem.kind === 'NoResolution' && problem.resolutionKind === 'node10')),
    )
    expect(applies).toEqual([])
  })
})

test('a package is built before it is packed, even if it has an old build', async () => {
  for (const { manifest } of released) expect(manifest.scripts.prepack).toMatch(/\.ci\/prepack\.mjs$/)
  const clone = join(project, 'clone')
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  })
  const files = stdout.split('\n').filter((file) => /^[^/]+$|^\.ci\/|^spec\//.test(file))
  for (const file of files) await cp(join(root, file), join(clone, file))
  for (const folder of ['node_modules', 'spec/node_modules'])
    await symlink(join(root, folder), join(clone, folder))
  // pnpm would install into the folders behind the links.
  const settings = join(clone, 'pnpm-workspace.yaml')
  const text = await readFile(settings, 'utf8')
  await writeFile(settings, text.replace('verifyDepsBeforeRun: install', 'verifyDepsBeforeRun: false'))
  await mkdir(join(clone, 'spec/dist'))
  await writeFile(join(clone, 'spec/dist/openapi.json'), '{ "info": "old" }')
  // Users pack outside of turbo's tasks.
  const { TURBO_HASH: _, ...env } = process.env
  const packed = join(clone, 'spec.tgz')
  await run('pnpm', ['pack', '--out', packed], {
    cwd: join(clone, 'spec'),
    env,
  })
  const tar = (...args: string[]) => run('tar', ['--file', ...args]).then(({ stdout }) => stdout)
  const list = async (file: string) => (await tar(file, '--list')).split('\n').sort()
  const spec = released.find(({ name }) => name === '@recoveryconnect/spec')
  expect(await list(packed)).toEqual(await list(tarball(spec as Package)))
  const built = await tar(packed, '--extract', '--to-stdout', 'package/dist/openapi.json')
  expect(JSON.parse(built)).toEqual(json('spec/dist/openapi.json'))
})

test('no installed package has an install script', async () => {
  const { packages } = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8'))
  expect(Object.keys(packages).length).toBeGreaterThan(released.length)
  expect(Object.keys(packages).filter((path) => packages[path].hasInstallScript)).toEqual([])
})

describe('in an empty project', () => {
  describe.concurrent('the programs in the READMEs pass the type check', () => {
    test.for(settings)('of $version with $moduleResolution', async (setting, { expect }) => {
      const programs: Record<string, string> = { undefined: undefinedOptions }
      for (const { name } of released) {
        const readme = await readFile(join(installed(name), 'README.md'), 'utf8')
        for (const [n, [, code = '']] of [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].entries())
          programs[`${name.split('/')[1]}-${n}`] = code
      }
      expect(Object.keys(programs).length).toBeGreaterThan(8)
      const folder = join(project, `${setting.version} ${setting.moduleResolution}`)
      expect(await compile(folder, programs, setting)).toBe('')
    })
  })

  test.for(['this Node', ...olderNodes])(
    '%s requires and imports the packages that support it',
    async (version) => {
      const url = await start('@recoveryconnect/sandbox')
      for (const format of ['cjs', 'mjs'] as const) {
        const file = join(project, `load.${format}`)
        await writeFile(file, loadAll(format, url, version === 'this Node'))
        const { stdout, stderr } = await run(nodeOf(version), [file], { cwd: project })
        expect(JSON.parse(stdout)).toEqual({
          extensions: [format === 'cjs' ? '.cjs' : '.js'],
          phones: 2,
          lowLevel: 2,
          kind: 'not_found',
          valid: [true, false],
          operations: 8,
          servers: version === 'this Node' ? [200, 200, 200] : [],
          faults: version === 'this Node' ? [400, 'passed'] : [],
        })
        expect(stderr).toBe('')
      }
    },
  )

  test.for(['recoveryconnect-faults', 'recoveryconnect-sandbox', 'recoveryconnect-verify'])(
    '%s says in one line that Node is too old',
    async (command) => {
      const path = `${dirname(nodeOf(oldestNode))}${delimiter}${process.env.PATH}`
      const options = { env: { ...process.env, PATH: path } }
      const { code, stdout, stderr } = await run(
        join(project, 'node_modules/.bin', command),
        ['--help'],
        options,
      ).catch((error) => error)
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/^This is Node 20\..*22\.13.*\n$/),
      })
    },
  )

  test('the client calls the sandbox, which npx starts', async () => {
    const url = await start('@recoveryconnect/sandbox')
    const program = `import { createClient } from '@recoveryconnect/client'
const rc = createClient({ baseUrl: '${url}', token: 'any-token' })
const borrower = { order_id: 57062885, borrower_id: 124927241 }
await rc.borrowerPhones.create(borrower, { type: 6, number: '6785550100' })
const { data: phones } = await rc.borrowerPhones.list(borrower)
console.log(JSON.stringify(phones.map((phone) => phone.number)))
`
    await writeFile(join(project, 'call.js'), program)
    const { stdout } = await run('node', ['call.js'], { cwd: project })
    expect(JSON.parse(stdout)).toEqual(['678-932-1578', '887-213-6744', '678-555-0100'])
  })

  test('npx starts the mock, which responds', async () => {
    const url = await start('@recoveryconnect/mock')
    const response = await fetch(`${url}/api/v140/orders/57062885/borrowers/124927241/phones`, {
      headers: { authorization: 'Bearer any', accept: 'application/json', prefer: 'example=no-phones' },
    })
    expect([response.status, await response.json()]).toEqual([200, { data: [] }])
  })

  test('recoveryconnect-verify passes against the sandbox', async () => {
    const url = await start('@recoveryconnect/sandbox')
    const readme = await readFile(join(installed('@recoveryconnect/contract-tests'), 'README.md'), 'utf8')
    const [command = ''] = /^RECOVERYCONNECT_TOKEN=\S+ npx recoveryconnect-verify .*$/m.exec(readme) ?? []
    const suite = await run('sh', ['-c', `${command.replace('http://127.0.0.1:4020', url)} --write --json`], {
      cwd: project,
    })
    const { checks, interrupted } = JSON.parse(suite.stdout)
    const outcomes: string[] = checks.map(({ outcome }: any) => outcome)
    expect(outcomes.filter((outcome) => outcome === 'passed').length).toBeGreaterThan(20)
    expect(outcomes.filter((outcome) => !['passed', 'skipped'].includes(outcome))).toEqual([])
    expect(interrupted).toBe(false)
  })

  test('the contract has the same content in every format', async () => {
    const program = `import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }
import older from '@recoveryconnect/spec/openapi-3.0.json' with { type: 'json' }
import * as validators from '@recoveryconnect/spec/validators'
const read = (name) => readFileSync(fileURLToPath(import.meta.resolve('@recoveryconnect/spec/' + name)), 'utf8')
console.log(JSON.stringify({
  versions: [contract.openapi, older.openapi, /^openapi: (.*)/m.exec(read('openapi.yaml'))[1]],
  paths: [Object.keys(contract.paths), Object.keys(older.paths)],
  workflow: read('lifecycle.arazzo.yaml').includes('url: ./openapi.yaml'),
  operations: Object.keys(validators).sort(),
  valid: [{ type: 6, number: '6785550100' }, { type: 6 }].map((body) => validators.createBorrowerPhone.request(body)),
}))`
    await writeFile(join(project, 'contract.js'), program)
    const seen = JSON.parse((await run('node', ['contract.js'], { cwd: project })).stdout)
    expect(seen.versions).toEqual(['3.1.1', expect.stringMatching(/^3\.0/), '3.1.1'])
    expect(seen.paths[0]).toEqual(seen.paths[1])
    expect(seen.workflow).toBe(true)
    expect(seen.operations).toContain('listBorrowerPhones')
    expect(seen.valid).toEqual([true, false])
  })
})

/** The program of a version of Node; that of the tests for any other name. */
function nodeOf(version: string): string {
  return olderNodes.includes(version)
    ? join(older, 'node_modules', `node-${version}`, 'bin/node')
    : process.execPath
}

/** Starts a package's command as its README says, on a free port, and stops it after the test. */
async function start(name: string): Promise<string> {
  const server = spawn('npx', [name, '--port', '0'], {
    cwd: project,
    detached: true, // If only npx is stopped, its child keeps running, so the whole group is stopped.
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  servers.push(() => {
    process.kill(-(server.pid ?? 0), 'SIGINT')
    return ended
  })
  let output = ''
  for await (const chunk of server.stdout.setEncoding('utf8')) {
    output += chunk
    const [url] = /http:\/\/\S+:\d+/.exec(output) ?? []
    if (url) return url
  }
  throw new Error(`${name} exited without printing its URL. It printed: ${output}`)
}
