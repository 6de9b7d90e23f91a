/** Gives every page a strict content security policy, which allows only the inline scripts that the page has. */
import { createHash } from 'node:crypto'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'

/** Astro's own policy lacks the hashes of scripts that a component writes with `is:inline`, such as Starlight's. */
export function policy(): AstroIntegration {
  return {
    name: 'policy',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const folder = fileURLToPath(dir)
        for await (const file of glob('**/*.html', { cwd: folder })) {
          const html = await readFile(folder + file, 'utf8')
          await writeFile(
            folder + file,
            html.replace(/<head[^>]*>/, (head) => head + tagFor(html)),
          )
        }
      },
    },
  }
}

function tagFor(html: string): string {
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
