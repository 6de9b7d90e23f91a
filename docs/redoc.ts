/**
 * The Redoc page: what `redocly build-docs` renders, made fit to be served by any host under a strict policy.
 *
 * Each change is a named mend below. A mend that no longer finds what it changes stops the build, so that an upgrade
 * of Redoc shows what has become unnecessary.
 */
import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const require = createRequire(import.meta.url)

/**
 * Writes `docs.html`, `docs.js` and `redoc.js` into a folder.
 *
 * @param contract path of the bundled OpenAPI document.
 */
export async function buildRedoc(contract: string, folder: URL): Promise<void> {
  const page = new URL('docs.html', folder)
  await buildDocs(contract, fileURLToPath(page))
  const { html, script } = mendedPage(await readFile(page, 'utf8'))
  const redoc = require.resolve('@redocly/cli/lib/chunks/redoc.standalone.js')
  await Promise.all([
    writeFile(page, html),
    writeFile(new URL('docs.js', folder), script),
    writeFile(new URL('redoc.js', folder), mendedRedoc(await readFile(redoc, 'utf8'))),
  ])
}

async function buildDocs(contract: string, output: string): Promise<void> {
  await rm(output, { force: true })
  const cli = require.resolve('@redocly/cli/bin/cli.js')
  const options = ['--config', 'redocly.yaml', '--template', 'redoc.hbs', '--output', output]
  await promisify(execFile)(process.execPath, [cli, 'build-docs', contract, ...options], {
    cwd: import.meta.dirname,
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  })
}

/** Takes the scripts out of the page, so that it needs no `unsafe-inline`, and lets its links survive a new tab. */
function mendedPage(html: string): { html: string; script: string } {
  const [whole, start] = found(html, /<script type="module">(.*?)<\/script>/s)
  const script = replaced(start, /"https:\/\/cdn\.[^"]*\/redoc\.standalone\.js"/, '"./redoc.js"')
  let page = replaced(html, whole, '<script type="module" src="docs.js"></script>')
  page = replaced(page, /<link rel="modulepreload"[^>]*>/, '<link rel="modulepreload" href="redoc.js">')
  // The colour scheme is set by color-mode.js, from the head and by the same rule.
  page = replaced(page, /<script>try\{.*?<\/script>/s, '')
  // Rendered ahead, a link of the menu reads "/section"; the router that runs in the page only knows "#/section".
  page = replaced(page, /href="\/(?!\/)/g, 'href="#/')
  return { html: page, script }
}

function mendedRedoc(redoc: string): string {
  // Its maker's logo comes from a CDN; the site brings a drawing of its own.
  const local = replaced(redoc, /`https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg`/g, '`redoc.svg`')
  // The choice of an example is called "Example", whatever it shows: speech control cannot find it (WCAG 2.5.3).
  return replaced(local, '"aria-label":`Example`,', '')
}

function replaced(text: string, what: string | RegExp, by: string): string {
  found(text, what)
  return text.replace(what, () => by)
}

function found(text: string, what: string | RegExp): [string, string] {
  const match = typeof what === 'string' ? text.includes(what) && [what] : text.match(what)
  if (!match)
    throw new Error(`Redoc's output no longer holds ${what}: see what changed, then adapt docs/redoc.ts.`)
  return [match[0] ?? '', match[1] ?? '']
}
