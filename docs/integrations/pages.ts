/**
 * Finishes the built pages: names what Starlight leaves without a name, points assistants to the Markdown, and adds a
 * strict content security policy.
 */
import { createHash } from 'node:crypto'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { root } from '../site.ts'

export async function finishPages(folder: string): Promise<void> {
  for await (const file of glob('**/*.html', { cwd: folder })) {
    const html = pointToMarkdown(file, nameParts(await readFile(folder + file, 'utf8')))
    await writeFile(
      folder + file,
      html.replace(/<head[^>]*>/, (head) => head + policyFor(html)),
    )
  }
}

function nameParts(html: string): string {
  const labels = new Map(
    [...html.matchAll(/id="(tab-[\d-]+)"[^>]*>([^<]*)</g)].map(([, id, label]) => [id, label]),
  )
  return (
    html
      // Paper, and browsers without scripts, show every panel of the tabs, so each needs its label.
      .replaceAll(/aria-labelledby="(tab-[\d-]+)"/g, (all, id) => `${all} data-label="${labels.get(id)}"`)
      // A wide table scrolls, and a keyboard can scroll only what has the focus.
      .replaceAll('<table>', '<table tabindex="0">')
  )
}

/** Points assistants to the Markdown, which is shorter. The sentence is hidden from readers and screen readers. */
function pointToMarkdown(file: string, html: string): string {
  const isPage = file.endsWith('index.html') && !file.startsWith('redoc/')
  if (!isPage) return html
  const url = `${root}${file.replace(/\/?index\.html$/, '') || 'index'}.md`
  const link = `<link rel="alternate" type="text/markdown" href="${url}">`
  const text = `This page is also available as Markdown at ${url}. A list of all pages is at ${root}llms.txt.`
  return html
    .replace('</title>', (title) => title + link)
    .replace(/<body[^>]*>/, (body) => `${body}<p class="sr-only" aria-hidden="true">${text}</p>`)
}

/** Astro's own policy lacks the hashes of scripts that a component writes with `is:inline`, such as Starlight's. */
function policyFor(html: string): string {
  const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gs)]
  const hashes = new Set(
    scripts.map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`),
  )
  const directives = [
    "default-src 'none'",
    // The search is WebAssembly.
    `script-src 'self' 'wasm-unsafe-eval' ${[...hashes].join(' ')}`,
    // Highlighted code has its colors in attributes, and Redoc adds styles while it renders.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ]
  return `<meta http-equiv="Content-Security-Policy" content="${directives.join('; ')}">`
}
