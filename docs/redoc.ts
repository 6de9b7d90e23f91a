/**
 * Builds the Redoc page with `redocly build-docs`, and changes only what would make a browser leave the origin.
 *
 * The build stops if one of these changes doesn't find its text. After an upgrade of Redoc, this shows which changes to
 * adapt or remove.
 */
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { annotateProvenance } from '@recoveryconnect/spec/annotate'
import { redocBundle, runRedocly } from '@recoveryconnect/spec/redocly'
import { linkTo, model } from './reference.ts'
import { base } from './site.ts'

interface Document {
  info: object
  paths: Record<string, Record<string, { operationId?: string; description?: string }>>
}

/** Writes `index.html` and `redoc.js` to a folder. */
export async function buildRedoc(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'redoc-'))
  const contract = join(temporary.path, 'contract.json')
  await writeFile(contract, JSON.stringify(renderContract()))
  const page = join(folder, 'index.html')
  const options = [
    '--config',
    'redocly.yaml',
    '--template',
    'redoc.hbs',
    '--title',
    model.title,
    '--output',
    page,
  ]
  await runRedocly(['build-docs', contract, ...options], { cwd: join(import.meta.dirname) })
  const html = replace(
    await readFile(page, 'utf8'),
    /https:\/\/cdn\.[^"]*\/redoc\.standalone\.js/g,
    './redoc.js',
  )
  await writeFile(page, html)
  const logo = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg/g
  await writeFile(
    join(folder, 'redoc.js'),
    replace(await readFile(redocBundle, 'utf8'), logo, `${base}favicon.svg`),
  )
}

/** Redoc drops samples in TypeScript, and has only one sample for all examples, so each operation links to its page. */
function renderContract(): object {
  const shown = annotateProvenance(model.document as unknown as Document)
  for (const operation of Object.values(shown.paths).flatMap((item) => Object.values(item)))
    if (operation.operationId)
      operation.description = `${operation.description ?? ''}\n\n[Samples in every language](${linkTo.operation(operation.operationId)})\n`
  return {
    ...shown,
    info: { ...shown.info, 'x-logo': { url: `${base}favicon.svg`, href: base, altText: 'Home' } },
  }
}

function replace(text: string, what: RegExp, by: string): string {
  const changed = text.replace(what, () => by)
  if (changed === text) throw new Error(`Redoc's output no longer contains ${what}. Adapt docs/redoc.ts.`)
  return changed
}
