/**
 * Writes the contract into `dist/` in the forms that other tools read:
 *
 * - `openapi.yaml`, `openapi.json`: the bundled 3.1 document
 * - `openapi-3.0.json`: the same contract for generators that can't read 3.1
 * - `postman.json`, `postman-*.json`: a Postman collection, with its environments
 * - `model`: the contract as plain data, see `model.ts`
 * - `validators`: the contract's schemas as functions, compiled by Ajv
 * - `schema`, `lifecycle.arazzo.yaml`: copies, so that everything published is in one folder
 *
 * The code and its types are there twice, as ES modules (`.js`, `.d.ts`) and as CommonJS (`.cjs`, `.d.cts`).
 *
 * Two builds from the same source are identical, byte for byte.
 */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { Converter } from '@apiture/openapi-down-convert'
import { build } from 'rolldown'
import { isolatedDeclarationSync } from 'rolldown/experimental'
import { parse } from 'yaml'
import { runRedocly } from './redocly.ts'

const dist = new URL('dist/', import.meta.url)

await mkdir(dist, { recursive: true })
await runRedocly(['bundle', 'contract', '--output', 'dist/openapi.yaml'])
const contract = parse(await readFile(new URL('openapi.yaml', dist), 'utf8'))
await writeJson('openapi.json', contract)
await writeJson('openapi-3.0.json', convertTo30(contract))
await writeModel()
// Imported only now: by default, the model reads `openapi.json`, which must exist.
const { renderPostmanCollection, renderPostmanEnvironment } = await import('./postman.ts')
await writeJson('postman.json', renderPostmanCollection())
for (const server of ['sandbox', 'production'] as const)
  await writeJson(`postman-${server}.json`, renderPostmanEnvironment(server))
const { renderValidators } = await import('./validators.ts')
const { code, types } = renderValidators(contract)
await writeFile(new URL('validators.js', dist), code)
await build({ input: 'dist/validators.js', output: { file: 'dist/validators.cjs', format: 'cjs' } })
await writeTypes('validators', types)
await writeTypes('schema', await readFile(new URL('schema.gen.ts', import.meta.url), 'utf8'))
await copyFile(new URL('lifecycle.arazzo.yaml', import.meta.url), new URL('lifecycle.arazzo.yaml', dist))

async function writeJson(name: string, document: unknown): Promise<void> {
  await writeFile(new URL(name, dist), `${JSON.stringify(document, null, 2)}\n`)
}

/** OpenAPI 3.0 has no dialect and no summary of the API, but the converter doesn't remove them. */
function convertTo30({ jsonSchemaDialect: _, ...contract }: Record<string, unknown>): object {
  const { summary: __, ...info } = contract.info as Record<string, unknown>
  return new Converter({ ...contract, info }, { allOfTransform: true }).convert()
}

async function writeModel(): Promise<void> {
  const output = { codeSplitting: false }
  await build([
    { input: 'model.ts', output: { ...output, file: 'dist/model.js' } },
    { input: 'model.ts', output: { ...output, file: 'dist/model.cjs', format: 'cjs' } },
  ])
  const [model = '', shape = ''] = await Promise.all(['model.ts', 'model/shape.ts'].map(declarationsOf))
  await writeTypes('model', model.replaceAll('./model/shape.ts', './shape.js'))
  await writeTypes('shape', shape)
}

async function declarationsOf(file: string): Promise<string> {
  return isolatedDeclarationSync(file, await readFile(new URL(file, import.meta.url), 'utf8')).code
}

async function writeTypes(name: string, code: string): Promise<void> {
  await writeFile(new URL(`${name}.d.ts`, dist), code)
  await writeFile(new URL(`${name}.d.cts`, dist), code.replace(/(from ["']\.\/\w+)\.js/g, '$1.cjs'))
}
