/** Installs the packages from the served site, with the commands of its page, in an empty project and an empty environment. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startSandbox } from '@recoveryconnect/sandbox'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dist, serveDocs } from '../serve.ts'
import { root } from '../site.ts'

let docs: Awaited<ReturnType<typeof serveDocs>>
let sandbox: Awaited<ReturnType<typeof startSandbox>>
let folder: string

beforeAll(async () => {
  docs = await serveDocs({ port: 0 })
  sandbox = await startSandbox({ port: 0 })
  folder = await mkdtemp(join(tmpdir(), 'downloads-'))
})
afterAll(async () => {
  await docs.close()
  await sandbox.close()
  await rm(folder, { recursive: true })
})

const page = await readFile(new URL('downloads.md', dist), 'utf8')
const commandsOf = (part: string) =>
  [...page.matchAll(/^(?:npm|pip|npx) .*$/gm)]
    .map(([command]) => command.replaceAll(root, `${docs.url}/`))
    .filter((command) => command.includes(part))

async function run(command: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const [name = '', ...args] = command.split(' ')
  const options = { cwd: folder, env: { ...process.env, ...env } }
  const { stdout } = await promisify(execFile)(name, args, options)
  return stdout
}

it('has every file that the page lists', async () => {
  const files = [...page.matchAll(/\((http\S+\.(?:json|yaml|txt))\)/g)].map(([, url = '']) => url)
  expect(files.length).toBeGreaterThanOrEqual(8)
  for (const file of files) expect((await fetch(file.replace(root, `${docs.url}/`))).status, file).toBe(200)
})

it('installs every npm package in an empty project, and makes a call', async () => {
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  const commands = commandsOf('npm install')
  expect(commands).toHaveLength(6)
  for (const command of commands) await run(`${command} --no-audit --no-fund --ignore-scripts`)
  for (const command of commandsOf('--help')) expect(await run(command)).toMatch(/usage/i)
  await writeFile(
    join(folder, 'call.js'),
    `import { createClient } from '@recoveryconnect/client'
const rc = createClient({ token: 'demo', baseUrl: process.env.SANDBOX })
const ids = { order_id: 57062885, borrower_id: 124927241 }
console.log((await rc.borrowerPhones.list(ids)).data.length)`,
  )
  expect(await run(`${process.execPath} call.js`, { SANDBOX: sandbox.url })).toBe('2\n')
})

// The build skips the wheel on a machine without Python, but never on CI.
it.skipIf(!process.env.CI && !page.includes('.whl'))(
  'installs the wheel in an empty environment, and makes a call',
  async () => {
    await run('python3 -m venv .venv')
    const [command = ''] = commandsOf('pip install')
    await run(`.venv/bin/${command} --quiet --disable-pip-version-check`)
    await writeFile(
      join(folder, 'call.py'),
      `import os
from recoveryconnect import Client

with Client(token="demo", base_url=os.environ["SANDBOX"]) as client:
    print(len(client.borrower_phones.list(order_id=57062885, borrower_id=124927241)["data"]))`,
    )
    expect(await run('.venv/bin/python call.py', { SANDBOX: sandbox.url })).toBe('2\n')
  },
)
