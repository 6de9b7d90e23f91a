/** Runs the checks of the Python client, each as one test. `.ci/count.mjs` counts the tests of pytest. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Operation, readModel } from '@recoveryconnect/spec/model'
import { expect, onTestFinished, test } from 'vitest'
import { unusualBodies } from '../../../spec/test/documents/bodies.ts'
import { unusualOperations } from '../../../spec/test/documents/operations.ts'
import { unusualSchemas } from '../../../spec/test/documents/schemas.ts'
import { generatedFile, renderModule } from '../generate.ts'
import { commands, makeEnvironment, missing } from '../python.ts'

const run = promisify(execFile)
const cwd = fileURLToPath(new URL('..', import.meta.url))
const hasPython = await makeEnvironment()
if (!hasPython) console.warn(`The Python client was not tested, because ${missing}. CI tests it.`)

const checks: [name: string, command: string, args: string[]][] = [
  ['ruff check', `${commands}/ruff`, ['check', '--no-cache']],
  ['ruff format', `${commands}/ruff`, ['format', '--check', '--no-cache']],
  ['mypy', `${commands}/mypy`, []],
  ['pyright', 'pyright', []],
  ['pytest', `${commands}/python`, ['-m', 'pytest', '--quiet', '--junitxml=report/pytest.xml']],
]

// CI has Python, so there the checks go on without it and fail.
test.skipIf(!hasPython && !process.env.CI).for(checks)('%s finds nothing', async ([, command, args]) => {
  const findings = await run(command, args, { cwd, maxBuffer: 2 ** 26 }).then(
    () => '',
    ({ stdout, stderr, message }: Error & { stdout?: string; stderr?: string }) =>
      `${stdout ?? ''}${stderr ?? ''}` || message,
  )
  expect(findings).toBe('')
})

const supported = [...unusualOperations, ...unusualBodies, ...unusualSchemas].filter(({ document }) => {
  const { operations, servers } = readModel(document)
  return servers.length > 0 && operations.every(isSupported)
})

function isSupported({ parameters, body, responses }: Operation): boolean {
  const isId = ({ in: place, required, schema }: Operation['parameters'][number]) =>
    place === 'path' ? schema.types.join() === 'integer' : !required
  const successes = responses.filter(({ status, schema }) => /^2\d\d$/.test(status) && schema)
  return parameters.every(isId) && (!body || body.schema !== undefined) && successes.length === 1
}

test.skipIf(!hasPython && !process.env.CI)(
  'Python imports what is rendered for unusual documents',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'generated-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const source = fileURLToPath(new URL('.', generatedFile))
    await cp(source, join(folder, 'package'), { recursive: true })
    await writeFile(join(folder, 'package/__init__.py'), '')
    for (const [n, { document }] of supported.entries())
      await writeFile(join(folder, `package/_generated_${n}.py`), renderModule(readModel(document)))
    const program = `
import importlib, json
for n in range(${supported.length}):
    module = importlib.import_module(f"package._generated_{n}")
    found = [value for value in vars(module).values() if type(value).__name__ == "Operation"]
    print(json.dumps([[one.id, one.method, one.path, one.anonymous, sorted(one.fields)] for one in found]))
`
    const { stdout } = await run(`${commands}/python`, ['-c', program], { cwd: folder })
    expect(supported.length).toBeGreaterThan(20)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(
      supported.map(({ document }) =>
        readModel(document).resources.flatMap(({ operations }) =>
          operations.map(({ id, method, path, needsToken, body }) => [
            id,
            method,
            path,
            !needsToken,
            Object.keys(body?.schema?.properties ?? {}).sort(),
          ]),
        ),
      ),
    )
  },
)
