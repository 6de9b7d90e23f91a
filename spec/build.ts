/**
 * Writes the contract in the forms that other tools read:
 *
 * - `dist/openapi.yaml`, `dist/openapi.json`: the bundled 3.1 document
 * - `dist/openapi-3.0.json`: the same for generators that do not read 3.1 yet
 * - `dist/validators.js`: its schemas as functions, compiled by Ajv
 * - `dist/schema.d.ts`, `dist/lifecycle.arazzo.yaml`: copies, so that what is published stands in one folder
 *
 * Two builds of one source are equal byte by byte.
 */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { Converter } from '@apiture/openapi-down-convert'
import { parse } from 'yaml'
import { redocly } from './redocly.ts'
import { renderValidators } from './validators.ts'

const dist = new URL('dist/', import.meta.url)

await mkdir(dist, { recursive: true })
await redocly('bundle', 'contract', '--output', 'dist/openapi.yaml')
const contract = parse(await readFile(new URL('openapi.yaml', dist), 'utf8'))
await writeJson('openapi.json', contract)
await writeJson('openapi-3.0.json', downConverted(contract))
const { code, types } = renderValidators(contract)
await writeFile(new URL('validators.js', dist), code)
await writeFile(new URL('validators.d.ts', dist), types)
await copyFile(new URL('schema.gen.ts', import.meta.url), new URL('schema.d.ts', dist))
await copyFile(new URL('lifecycle.arazzo.yaml', import.meta.url), new URL('lifecycle.arazzo.yaml', dist))

async function writeJson(name: string, document: unknown): Promise<void> {
  await writeFile(new URL(name, dist), `${JSON.stringify(document, null, 2)}\n`)
}

/** OpenAPI 3.0 knows neither the dialect nor a summary of the API; the converter leaves both in place. */
function downConverted({ jsonSchemaDialect: _, ...contract }: Record<string, unknown>): object {
  const { summary: __, ...info } = contract.info as Record<string, unknown>
  return new Converter({ ...contract, info }, { allOfTransform: true }).convert()
}
