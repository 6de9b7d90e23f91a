/**
 * Writes the contract into `dist/` in the forms that other tools read:
 *
 * - `openapi.yaml`, `openapi.json`: the bundled 3.1 document
 * - `openapi-3.0.json`: the same contract for generators that can't read 3.1
 * - `model.js`: the contract as plain data, see `model.ts`
 * - `validators.js`: the contract's schemas as functions, compiled by Ajv
 * - `schema.d.ts`, `lifecycle.arazzo.yaml`: copies, so that everything published is in one folder
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
const { renderValidators } = await import('./validators.ts')
const { code, types } = renderValidators(contract)
await writeFile(new URL('validators.js', dist), code)
await writeFile(new URL('validators.d.ts', dist), types)
await copyFile(new URL('schema.gen.ts', import.meta.url), new URL('schema.d.ts', dist))
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
  await build({ input: 'model.ts', output: { file: 'dist/model.js', codeSplitting: false } })
  const [model, shape] = await Promise.all(['model.ts', 'model/shape.ts'].map(declarationsOf))
  await writeFile(new URL('model.d.ts', dist), `${model}`.replaceAll('./model/shape.ts', './shape.js'))
  await writeFile(new URL('shape.d.ts', dist), `${shape}`)
}

async function declarationsOf(file: string): Promise<string> {
  return isolatedDeclarationSync(file, await readFile(new URL(file, import.meta.url), 'utf8')).code
}
