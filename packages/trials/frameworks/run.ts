/** Tries the packed packages in projects that the frameworks' own starters make, against a sandbox. npm needs a network. */
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSandbox } from '@recoveryconnect/sandbox'
import chromium from '@sparticuz/chromium'
import { chromium as playwright } from 'playwright-core'
import type { Project, Step } from './projects.ts'

type Environment = Record<string, string | undefined>

const root = fileURLToPath(new URL('../../..', import.meta.url))
const longestCommandMs = 600_000
const settings: Environment = {
  CI: '1',
  NO_COLOR: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  WRANGLER_SEND_METRICS: 'false',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  // Some starters install with what started them. Here, that would be pnpm.
  npm_config_user_agent: undefined,
}

let folder: string
/** What ends the running commands. An interrupt doesn't reach them, because they have process groups of their own. */
const running = new Set<() => void>()

/** Prints a table. @returns whether all of them passed. */
export async function tryProjects(projects: readonly Project[]): Promise<boolean> {
  if (projects.length === 0) return true
  folder = await mkdtemp(join(tmpdir(), 'recoveryconnect-trials-'))
  // Chromium unpacks itself into the temporary folder.
  process.env.TMPDIR = folder
  process.once('SIGINT', () => {
    for (const kill of running) kill()
    process.exit(130)
  })
  await packAll()
  const rows: string[][] = []
  for (const project of projects) rows.push(await tryProject(project))
  const head = ['project', 'starter', 'built', 'run', 'result', 'seconds']
  for (const cells of [[], head, head.map(() => '---'), ...rows]) console.log(cells.join(' | '))
  const passed = rows.every(([, , , , result]) => result === 'passed')
  if (passed) await rm(folder, { recursive: true })
  else console.log(`\nThe projects are in ${folder}.`)
  return passed
}

async function packAll(): Promise<void> {
  const filters = ['client', 'sandbox', 'spec'].map((name) => `--filter=@recoveryconnect/${name}`).join(' ')
  await runCommand(`pnpm ${filters} --recursive pack --pack-destination ${folder}`, root)
}

/** Returns the project's row of the table. */
async function tryProject(project: Project): Promise<string[]> {
  const { name, starter, steps } = project
  const start = performance.now()
  const sandbox = await startSandbox({ port: 0 })
  let result = 'passed'
  try {
    const app = await createProject(project)
    for (const step of steps) {
      console.log(`${name}: ${describeStep(step)}`)
      await runStep(step, app, { SANDBOX_URL: sandbox.url })
    }
  } catch (error) {
    const { message } = error as Error
    console.log(message)
    result = message.split('\n', 1)[0] ?? ''
  }
  await sandbox.close()
  const built = steps.filter((step) => 'build' in step)
  const others = steps.filter((step) => !('build' in step))
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`${name}: ${result} after ${seconds} s`)
  return [name, starter, ...[built, others].map((part) => part.map(describeStep).join('; ')), result, seconds]
}

/** Returns its folder. */
async function createProject({ name, files = name, starter, create, packages }: Project): Promise<string> {
  const parent = await mkdtemp(join(folder, `${name}-`))
  const app = join(parent, 'app')
  console.log(`${name}: ${create.replace('$STARTER', starter)}`)
  await runCommand(create, parent, { STARTER: starter })
  const tarballs = (await readdir(folder)).filter((file) =>
    packages.some((pkg) => file.startsWith(`recoveryconnect-${pkg}-`)),
  )
  console.log(`${name}: npm install ${tarballs.join(' ')}`)
  await runCommand(`npm install ${tarballs.map((file) => join(folder, file)).join(' ')}`, app)
  await cp(fileURLToPath(new URL(files, import.meta.url)), app, { recursive: true })
  return app
}

async function runStep(step: Step, app: string, env: Environment): Promise<void> {
  if (!('serve' in step)) {
    const output = await runCommand('build' in step ? step.build : step.run, app, env)
    for (const pattern of step.prints ?? [])
      if (!pattern.test(output)) throw new Error(`${describeStep(step)} didn't print ${pattern}\n${output}`)
    return
  }
  const server = startCommand(step.serve, app, env)
  try {
    const url = await server.url
    if ('shows' in step) await browse(url, step.shows)
    else for (const [path, pattern] of Object.entries(step.responses)) await request(url + path, pattern)
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${server.output()}`)
  } finally {
    await server.end()
  }
}

async function request(url: string, pattern: RegExp): Promise<void> {
  const response = await fetch(url, { redirect: 'manual' })
  const { status, headers } = response
  const text = `${status} ${headers.get('location') ?? ''}\n${await response.text()}`
  if (!pattern.test(text))
    throw new Error(
      `${new URL(url).pathname} responds with ${status}, not ${pattern}\n${text.slice(0, 2000)}`,
    )
}

async function browse(url: string, text: string): Promise<void> {
  const executablePath = await chromium.executablePath()
  const browser = await playwright.launch({ args: chromium.args, executablePath })
  try {
    const page = await browser.newPage()
    await page.goto(url)
    await page.getByText(text).waitFor()
  } finally {
    await browser.close()
  }
}

/** Resolves to what the command printed. @throws {Error} with the end of it, if the command fails. */
async function runCommand(command: string, cwd: string, env: Environment = {}): Promise<string> {
  const { ended, output } = startCommand(command, cwd, env)
  const code = await ended
  if (code !== 0) throw new Error(`${command} exited with ${code}\n${output().slice(-4000)}`)
  return output()
}

/** Starts a command. `url` is the first local one that it prints. */
function startCommand(command: string, cwd: string, env: Environment) {
  const PATH = join(cwd, 'node_modules/.bin') + delimiter + process.env.PATH
  const child = spawn(command, {
    cwd,
    env: { ...process.env, ...settings, ...env, PATH },
    shell: true,
    // A process group of its own, so that it ends together with all that it started.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => process.kill(-(child.pid ?? Number.NaN), 'SIGKILL')
  const timer = setTimeout(kill, longestCommandMs)
  running.add(kill)
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      running.delete(kill)
      resolve(code ?? signal)
    }),
  )
  let output = ''
  const url = new Promise<string>((resolve, reject) => {
    ended.then(() => reject(new Error(`${command} ended before it printed a URL`)))
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const [found] = /http:\/\/(localhost|127\.0\.0\.1|\[::1\]):\d+/.exec(output) ?? []
        if (found) resolve(found)
      })
  })
  // Most commands print none.
  url.catch(() => {})
  const end = async () => {
    if (running.has(kill)) kill()
    await ended
  }
  return { url, ended, end, output: () => output }
}

function describeStep(step: Step): string {
  if ('build' in step) return step.build
  if ('run' in step) return step.run
  return `${step.serve} (${'shows' in step ? 'Chromium' : Object.keys(step.responses).join(' ')})`
}
