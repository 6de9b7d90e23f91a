/**
 * Builds the Redoc page with `redocly build-docs`, and changes only what makes a browser leave the origin, and links that
 * lead nowhere.
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
  info: { description?: string }
  paths: Record<string, Record<string, { operationId?: string; description?: string }>>
}

/** Writes `index.html` and `redoc.js` to a folder. */
export async function buildRedoc(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'redoc-'))
  const contract = join(temporary.path, `${model.title}.json`)
  await writeFile(contract, JSON.stringify(renderContract()))
  const page = join(folder, 'index.html')
  const options = ['--config', 'redocly.yaml', '--template', 'redoc.hbs', '--output', page]
  await runRedocly(['build-docs', contract, ...options], { cwd: process.cwd() })
  // It has the hash of the script that is on the CDN.
  let html = replace(await readFile(page, 'utf8'), /<link rel="modulepreload"[^>]*>/, '')
  html = replace(html, /https:\/\/cdn\.[^"]*\/redoc\.standalone\.js/, './redoc.js')
  // The prerendered menu links to "/section", but the router in the page only knows "#/section".
  html = replace(html, /(?<=<a [^>]*href=")\/(?!\/)/g, '#/')
  await writeFile(page, html)
  const logo = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg/g
  const script = replace(await readFile(redocBundle, 'utf8'), logo, 'redoc.svg')
  await writeFile(join(folder, 'redoc.js'), script)
}

/** Redoc drops samples in TypeScript, and has one sample for all examples, so each operation links to its page instead. */
function renderContract(): object {
  const shown = annotateProvenance(model.document as unknown as Document)
  for (const operation of Object.values(shown.paths).flatMap((item) => Object.values(item)))
    if (operation.operationId)
      operation.description += `\n\n[Samples in every language](${relative(linkTo.operation(operation.operationId))})\n`
  return {
    ...shown,
    info: { ...shown.info, description: `[All documentation](../)\n\n${shown.info.description}` },
    // Redoc shows Markdown in the description of a server as it is.
    servers: model.servers.map(({ url, description }) => ({ url, description })),
  }
}

/** Redoc's router would take the path of a URL for its own. */
function relative(path: string): string {
  return `../${path.slice(base.length)}`
}

function replace(text: string, what: RegExp, by: string): string {
  const changed = text.replace(what, () => by)
  if (changed === text) throw new Error(`Redoc's output no longer contains ${what}. Adapt docs/redoc.ts.`)
  return changed
}
