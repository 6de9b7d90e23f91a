/** The steps of the Dockerfile, run in a folder instead of an image: no engine is needed to see that they still work. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const machine = mkdtempSync(join(tmpdir(), 'recoveryconnect-image-'))
afterAll(() => rmSync(machine, { recursive: true }))

/** Instruction and the rest of its line; comments and blank lines are gone. */
const steps = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line): [string, string] => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)])
const stages = steps.reduce<[string, string][][]>((stages, step) => {
  if (step[0] === 'FROM') stages.push([])
  stages.at(-1)?.push(step)
  return stages
}, [])
const [build = [], image = []] = stages
const valuesOf = (stage: [string, string][], instruction: string) =>
  stage.filter(([name]) => name === instruction).map(([, value]) => value)
const environment = (stage: [string, string][]): Record<string, string> =>
  Object.fromEntries(valuesOf(stage, 'ENV').map((assignment) => assignment.split('=')))
/** The image's own folders, on this machine. */
const here = (text: string) => text.replace(/(^|\s|")\/(build|app)(?=$|[\s/"])/g, `$1${machine}/$2`)

beforeAll(() => {
  const folder = join(machine, valuesOf(build, 'WORKDIR')[0] ?? '')
  copyContext(folder)
  for (const script of valuesOf(build, 'RUN'))
    execFileSync('sh', ['-c', here(script)], {
      cwd: folder,
      env: { ...process.env, ...environment(build) },
      stdio: 'pipe',
    })
}, 300_000)

test('nothing but what it needs at run time goes into the image', () => {
  expect(valuesOf(image, 'COPY')).toEqual(['--from=build /app/node_modules /app/node_modules'])
  expect(readdirSync(join(machine, 'app/node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    '@recoveryconnect',
    'yaml',
  ])
})

test('it runs as a user without rights, from images of one exact version', () => {
  expect(valuesOf(image, 'USER')).toEqual(['node'])
  const versions = valuesOf(steps, 'FROM').map((from) => /^node:(\d+\.\d+\.\d+)-/.exec(from)?.[1])
  expect(new Set(versions)).toEqual(new Set([pinned('node')]))
  for (const script of valuesOf(build, 'RUN'))
    for (const [, version] of script.matchAll(/pnpm@(\S+)/g)) expect(version).toBe(pnpmVersion())
})

describe('a container', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('is healthy while it runs, and ends by %s', async (signal) => {
    const env = { ...process.env, ...environment(image), SANDBOX_PORT: String(await freePort()) }
    const isHealthy = () => {
      const [command = '', ...args] = exec(valuesOf(image, 'HEALTHCHECK')[0]?.replace(/^.*? CMD /, ''))
      return spawnSync(command, args, { env }).status === 0
    }
    expect(isHealthy()).toBe(false)

    const [command = '', ...args] = exec(valuesOf(image, 'ENTRYPOINT')[0])
    const container = spawn(command, args, { cwd: machine, env, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(container, 'exit')
    await once(container.stdout, 'data')
    expect(isHealthy()).toBe(true)
    container.kill(signal)
    expect(await ended).toEqual([0, null])
    expect(isHealthy()).toBe(false)
  })
})

/** The form with brackets, which starts no shell: a shell would not pass signals on. */
function exec(value = ''): string[] {
  return JSON.parse(here(value))
}

/** What `.dockerignore` lets through, of the files that git knows or would. */
function copyContext(folder: string): void {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')
  const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  expect(lines).toContain('*')
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const file of new Set(listed.split('\0'))) {
    if (!kept.some((path) => file === path || file.startsWith(`${path}/`))) continue
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file))
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function pinned(name: string): string | undefined {
  const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  return new RegExp(`^ {2}${name}: (.*)$`, 'm').exec(catalog)?.[1]
}

function pnpmVersion(): string {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devEngines.packageManager.version
}
