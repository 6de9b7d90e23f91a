/** Follows the quickstart: starts the sandbox with the command of the page, and runs its samples. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readModel } from '@recoveryconnect/spec/model'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeSample, exampleCall } from '../samples/call.ts'
import { languages } from '../samples/languages.ts'
import { dist } from '../serve.ts'
import { hasToolchain, run, toolchains } from './toolchains.ts'

const page = await readFile(new URL('quickstart.md', dist), 'utf8')
const folder = await mkdtemp(join(tmpdir(), 'quickstart-'))
let stop = async () => {}
let url = ''

beforeAll(async () => {
  const [, command = ''] = /^ *```sh\n *(npx .*-sandbox)$/m.exec(page) ?? []
  // The downloads' test installs the package. This one finds its command in the dependencies.
  const bin = fileURLToPath(new URL('../node_modules/.bin', import.meta.url))
  const env = { ...process.env, SANDBOX_PORT: '0', PATH: [bin, process.env.PATH].join(delimiter) }
  const [, name = ''] = command.split(' ')
  const sandbox = spawn(name, { env })
  stop = async () => {
    sandbox.kill()
    await once(sandbox, 'exit')
  }
  for await (const chunk of sandbox.stdout) {
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))?.[0] ?? ''
    if (url) break
  }
})
afterAll(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

it.for(languages)('has the tested samples in $label, with what they print', async (language, { skip }) => {
  const { label, grammar, id, render } = language
  const code = RegExp(`^\\*\\*${label}\\*\\*\\n\\n\`\`\`${grammar}\\n([\\s\\S]*?)^\`\`\``, 'gm')
  const samples = [...page.matchAll(code)].map(([, code = '']) => code)
  const { operations } = readModel()
  const rendered = operations.flatMap((operation) =>
    (operation.body?.examples ?? [undefined]).map((one) =>
      render(describeSample(operation, exampleCall(operation, one?.name))),
    ),
  )
  expect(samples).toHaveLength(3)
  for (const sample of samples) expect(rendered.map((text) => text.trimEnd())).toContain(sample.trimEnd())
  // The samples' test runs every language. Here, those that need no compiler are enough.
  const toolchain = ['java', 'csharp'].includes(id) ? undefined : toolchains[id]
  if (!toolchain) return
  if (!(await hasToolchain(language))) return skip()
  const sources = samples.map((code, index) => ({ name: `${id}${index}`, code }))
  const commandOf = await toolchain.prepare(sources, folder)
  const outputs: string[] = []
  for (const { name } of sources) {
    const variables = { RECOVERYCONNECT_URL: url, RECOVERYCONNECT_TOKEN: id }
    const { status, stdout, stderr } = await run(commandOf(name), variables)
    expect(status, stderr).toBe(0)
    outputs.push(stdout)
  }
  const [borrowers, phones, marked] = outputs
  expect(borrowers).toContain('124927241')
  expect(phones?.match(/\bphone\b|\bnumber\b/g)?.length).toBeGreaterThanOrEqual(2)
  expect(marked).toMatch(/no_contact\W+1\b/)
})
