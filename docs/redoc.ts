/**
 * Builds the Redoc page with `redocly build-docs`, and changes it so that any host can serve it under a strict policy.
 *
 * The build stops if one of these changes doesn't find its text. After an upgrade of Redoc, this shows which changes to
 * adapt or remove.
 */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { redocBundle, runRedocly } from '@recoveryconnect/spec/redocly'

/**
 * Writes `docs.html`, `docs.js`, and `redoc.js` to a folder.
 *
 * @param contract the path of a bundled OpenAPI document.
 */
export async function buildRedoc(contract: string, folder: URL): Promise<void> {
  const page = new URL('docs.html', folder)
  await rm(page, { force: true })
  const options = ['--config', 'redocly.yaml', '--template', 'redoc.hbs', '--output', fileURLToPath(page)]
  await runRedocly(['build-docs', contract, ...options], { cwd: import.meta.dirname })
  const { html, script } = changePage(await readFile(page, 'utf8'))
  await Promise.all([
    writeFile(page, html),
    writeFile(new URL('docs.js', folder), script),
    writeFile(new URL('redoc.js', folder), changeRedoc(await readFile(redocBundle, 'utf8'))),
  ])
}

/** Moves the scripts to files, so that no policy needs `unsafe-inline`, and makes the links work in a new tab. */
function changePage(html: string): { html: string; script: string } {
  const [whole, start] = find(html, /<script type="module">(.*?)<\/script>/s)
  const script = replace(start, /"https:\/\/cdn\.[^"]*\/redoc\.standalone\.js"/, '"./redoc.js"')
  let page = replace(html, whole, '<script type="module" src="docs.js"></script>')
  page = replace(page, /<link rel="modulepreload"[^>]*>/, '<link rel="modulepreload" href="redoc.js">')
  // color-mode.js already sets the color scheme, in the same way.
  page = replace(page, /<script>try\{.*?<\/script>/s, '')
  // The prerendered menu links to "/section", but the router in the page only knows "#/section".
  page = replace(page, /href="\/(?!\/)/g, 'href="#/')
  return { html: page, script }
}

function changeRedoc(redoc: string): string {
  // Redoc loads the logo from a CDN. The site has its own image.
  const local = replace(redoc, /`https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg`/g, '`redoc.svg`')
  // The label of the example menu is always "Example", so speech control can't find the menu by its text (WCAG 2.5.3).
  return replace(local, '"aria-label":`Example`,', '')
}

function replace(text: string, what: string | RegExp, by: string): string {
  find(text, what)
  return text.replace(what, () => by)
}

function find(text: string, what: string | RegExp): [string, string] {
  const match = typeof what === 'string' ? text.includes(what) && [what] : text.match(what)
  if (!match)
    throw new Error(`Redoc's output no longer contains ${what}. Check what changed, and adapt docs/redoc.ts.`)
  return [match[0] ?? '', match[1] ?? '']
}
