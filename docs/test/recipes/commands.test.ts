/** Runs the recipes that are commands. */
import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startFaults } from '@recoveryconnect/faults'
import { afterAll, describe, expect, it } from 'vitest'
import results from '../../generated-clients.json' with { type: 'json' }
import { languages } from '../../samples/languages.ts'
import { readRecipe, recipeNames } from '../../samples/recipes.ts'
import { startWorld } from '../servers.ts'
import { hasToolchain, run, toolchains } from '../toolchains.ts'

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'recoveryconnect-recipes-'))
afterAll(() => rm(folder, { recursive: true }))
await cp(pathOf('../../../packages/faults/adapters'), folder, { recursive: true })

// Finds our commands without an installation, and judges only one fault.
const bin = pathOf('../../node_modules/.bin')
await writeFile(
  join(folder, 'npx'),
  `#!/usr/bin/env bash
[[ $1 == --no-install ]] || exit 127
name=$2; shift 2
[[ $1 == judge ]] && shift && set -- judge --only reset-before-headers "$@"
exec "${bin}/$name" "$@"
`,
)
// Does with Mono what the .NET SDK does.
await writeFile(
  join(folder, 'dotnet'),
  `#!/usr/bin/env bash
case "$*" in
  'new console --output adapter') mkdir adapter && echo 'This file must be replaced.' > adapter/Program.cs ;;
  'build adapter --output built') mkdir built && mcs -r:System.Net.Http.dll -out:built/adapter.dll adapter/Program.cs ;;
  built/adapter.dll) exec mono built/adapter.dll ;;
  *) exit 1 ;;
esac
`,
)
for (const name of ['npx', 'dotnet']) await chmod(join(folder, name), 0o755)
const variables = { PATH: [folder, process.env.PATH].join(delimiter) }

it('every recipe has a program or commands', () => {
  for (const name of recipeNames) {
    const labels = readRecipe(name).map(({ label }) => label)
    if (labels[0] === 'bash') expect([name, labels]).toEqual([name, ['bash', 'PowerShell']])
    else
      expect([name, labels]).toEqual([
        name,
        expect.arrayContaining(['TypeScript', 'Python', 'Java', 'C#', 'PHP']),
      ])
  }
})

it.each(recipeNames)('%s runs our commands only if they are installed', (name) => {
  for (const { code } of readRecipe(name).flatMap(({ files }) => files))
    expect(code).not.toMatch(/npx (?!--no-install )\S*recoveryconnect/)
})

it.each(recipeNames)('%s has commands that zsh can take from a terminal, where it reads comments', (name) => {
  const commands = readRecipe(name).flatMap(({ files }) => files.filter(({ title }) => !title))
  for (const { code } of commands)
    for (const [comment] of code.matchAll(/^#.*/gm)) expect(comment).not.toMatch(/'|`/)
})

it('check-a-server finds nothing wrong with the sandbox', async ({ onTestFinished }) => {
  const world = await startWorld({ onTestFinished })
  const { status, stdout, stderr } = await run(['bash', '-c', readCommands('check-a-server', 'bash')], {
    ...world.variables,
    ...variables,
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/\b0 failed\b/)
})

it('check-a-server leaves out no check with the options that it names', async ({ onTestFinished }) => {
  const world = await startWorld({ onTestFinished })
  const commands = readCommands('check-a-server', 'bash')
  const [, options = ''] = /, add (--.+)\.$/m.exec(commands) ?? []
  const { stdout } = await run(['bash', '-c', `${commands.trimEnd()} ${options}`], {
    ...world.variables,
    ...variables,
  })
  expect(stdout).toMatch(/\b0 failed\b/)
  expect(stdout).not.toMatch(/--write|--disposable/)
})

describe.concurrent('test-against-faults', () => {
  const judged = languages.filter(({ id }) => id !== 'curl' && toolchains[id])
  it.for(judged)('judges an adapter in $label', async (language, { skip, expect }) => {
    if (!(await hasToolchain(language))) return skip()
    const { id, label } = language
    const cwd = id === 'typescript' ? pathOf('../../samples/recipes/test-against-faults') : folder
    const commands = readCommands('test-against-faults', label)
    const { status, stdout, stderr } = await run(['bash', '-c', commands], variables, cwd)
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const judged = stdout.match(/^reset-before-headers( +passed){4}$/gm)
    expect(judged).toHaveLength(commands.match(/^npx /gm)?.length ?? 0)
  })

  it('shows with curl what arrived', async ({ expect, onTestFinished }) => {
    const faults = await startFaults({ port: 0 })
    onTestFinished(() => faults.close())
    const commands = readCommands('test-against-faults', 'curl').replaceAll(
      'http://127.0.0.1:4050',
      faults.url,
    )
    const { stdout, stderr } = await run(['bash', '-c', commands], {})
    expect(stderr).toMatch(/^curl: \(\d+\)/)
    expect(JSON.parse(stdout)).toMatchObject({ requests: { listBorrowerPhones: 1 } })
  })
})

describe('generate-a-client', () => {
  const clients = { TypeScript: 'hey-api', Python: 'openapi-python-client', Java: 'java-native', PHP: 'php' }
  it.each(Object.entries(clients))('%s has the settings that help %s under faults', (label, name) => {
    const { generator, mending } = results.find((one) => one.name === name) ?? { generator: '', mending: '' }
    const text = readRecipe('generate-a-client')
      .filter((program) => program.label === label)
      .flatMap(({ files }) => files.map(({ code }) => code))
      .join('\n')
    expect(text).toContain(/\d+\.\d+\.\d+/.exec(generator)?.[0])
    const [, version] = /^OpenAPI Generator (\S+),/.exec(generator) ?? []
    if (version) expect(text).toContain(`openapi-generator-cli version-manager set ${version}\n`)
    for (const [, setting] of mending.matchAll(/`(\w+)/g)) expect(text).toContain(setting)
  })
})

function readCommands(name: string, label: string): string {
  const program = readRecipe(name).find((one) => one.label === label)
  return program?.files.find(({ title }) => title === undefined)?.code ?? ''
}
