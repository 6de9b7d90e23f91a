/** The same for languages in which the name of a schema can collide with a name in the generated client. */
import { execFile } from 'node:child_process'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startSandbox } from '@recoveryconnect/sandbox'
import { beforeAll, describe, expect, test } from 'vitest'
import { generateClient } from '../openapi-generator.ts'
import { expected } from '../programs/shape.ts'

type Command = [file: string, ...args: string[]]

interface Language {
  template: string
  options: string[]
  /** What it needs beyond Java and Python, and a command that fails without it. */
  needs: string
  probe: Command
  /** In `programs`. */
  program: string
  /** Other files that the program needs, by name. */
  files: Record<string, string>
  /** Compiles or loads every generated file. */
  compile: Command
  run: Command
  /** A name that every client from this template uses itself. */
  taken: string
}

// Otherwise, Go clients reject responses with a field that the contract doesn't name.
const lenient = 'disallowAdditionalPropertiesIfNotPresent=false'
const languages: Language[] = [
  {
    template: 'go',
    options: ['--package-name=generated', `--additional-properties=withGoMod=false,${lenient}`],
    needs: 'Go',
    probe: ['go', 'version'],
    program: 'openapi-generator.go',
    files: { 'go.mod': 'module trial\n\ngo 1.23\n' },
    compile: ['go', 'vet', './...'],
    run: ['go', 'run', '.'],
    taken: 'APIResponse',
  },
  {
    template: 'ruby',
    options: [],
    needs: 'Ruby with Typhoeus',
    probe: ['ruby', '-r', 'typhoeus', '-e', ''],
    program: 'openapi-generator.rb',
    files: {},
    compile: ['ruby', '-I', 'generated/lib', '-r', 'openapi_client', '-e', ''],
    run: ['ruby', '-I', 'generated/lib', 'openapi-generator.rb'],
    taken: 'ApiError',
  },
]

// The generator's authors call its support for OpenAPI 3.1 a beta.
const contract = await readFile(
  new URL(import.meta.resolve('@recoveryconnect/spec/openapi-3.0.json')),
  'utf8',
)
const work = fileURLToPath(new URL('../dist/openapi-generator/', import.meta.url))

describe.for(languages)(
  '$template',
  async ({ template, options, needs, probe, program, files, compile, run, taken }) => {
    const missing = await findMissing([
      ['Java', ['java', '-version']],
      ['Python with pip', ['python3', '-m', 'pip', '--version']],
      [needs, probe],
    ])
    // CI has every tool. If one is missing there, the tests must fail.
    if (missing && !process.env.CI) {
      console.warn(
        `Skipped OpenAPI Generator's template ${template}, because it needs ${missing}. CI runs it.`,
      )
      return test.skip('compiles')
    }

    async function generate(document: string, folder: string): Promise<void> {
      await rm(folder, { recursive: true, force: true })
      await generateClient(template, document, folder, options)
      await cp(new URL(`../programs/${program}`, import.meta.url), `${folder}/${program}`)
      for (const [name, text] of Object.entries(files)) await writeFile(`${folder}/${name}`, text)
    }

    const folder = work + template
    beforeAll(() => generate(contract, folder))

    test('compiles', () => execute(compile, folder))

    test('goes from an order to the numbers, and creates, reads, updates and deletes a phone', async () => {
      const sandbox = await startSandbox({ port: 0 })
      const [file, ...args] = run
      const printed = await execute([file, ...args, sandbox.url], folder).finally(() => sandbox.close())
      expect(JSON.parse(printed)).toEqual(expected)
    })

    test(`doesn't compile with a schema that is called ${taken}`, async () => {
      await generate(contract.replaceAll(/(?<=["/])ErrorResponse(?=")/g, taken), `${folder}-${taken}`)
      await expect(execute(compile, `${folder}-${taken}`)).rejects.toThrow(taken)
    })
  },
)

async function findMissing(tools: [name: string, probe: Command][]): Promise<string | undefined> {
  for (const [name, probe] of tools) {
    const found = await execute(probe).then(
      () => true,
      () => false,
    )
    if (!found) return name
  }
}

/** Turns off cgo, because Go's standard library would otherwise need a C compiler. */
async function execute([file, ...args]: Command, cwd?: string): Promise<string> {
  const env = { ...process.env, CGO_ENABLED: '0' }
  return (await promisify(execFile)(file, args, { cwd, env })).stdout
}
