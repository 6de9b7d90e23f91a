/** Renders Markdown as HTML, and a page in the frame that all pages except Redoc's share. */
import { readModel } from '@recoveryconnect/spec/model'
import { Marked } from 'marked'
import { anchorOf } from './reference.ts'
import { contentSecurityPolicy } from './serve.ts'

export interface Page {
  /** The file name, such as `index.html`. */
  file: string
  title: string
  description: string
  body: string
  layout: 'start' | 'text' | 'try'
  script?: string
  style?: string
}

const places = [
  { file: 'docs.html', name: 'Documentation' },
  { file: 'try.html', name: 'Try it' },
  { file: 'reference.html', name: 'Plain reference' },
]

/** Renders a whole HTML document. It works without JavaScript and from any folder of any host. */
export function renderPage({ file, title, description, body, layout, script, style }: Page): string {
  const links = places.map(
    (place) =>
      `<a href="${place.file}"${place.file === file ? ' aria-current="page"' : ''}>${place.name}</a>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${policyTag}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(description)}">
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="site.css">
${style ? `<link rel="stylesheet" href="${style}">\n` : ''}<script src="color-mode.js"></script>
<script type="module" src="color-mode-button.js"></script>
${script ? `<script type="module" src="${script}"></script>\n` : ''}</head>
<body class="${layout}">
<a class="skip" href="#content">Skip to content</a>
<header>
<a class="brand" href="index.html"><img src="icon.svg" alt="" width="28" height="28">RecoveryConnect</a>
<nav aria-label="Site">${links.join('')}</nav>
<button id="color-mode" type="button" hidden>Dark</button>
</header>
<main id="content">
${body.trim()}
</main>
<footer>Contract version ${readModel().version}. The API belongs to its vendor. This site is based on the vendor’s public
documentation and isn’t affiliated with the vendor.</footer>
</body>
</html>
`
}

/**
 * Renders a page that a host can show at any URL, such as the 404 page. Its links start at the root of the site.
 *
 * @param base `/`, or the folder of the site with a slash at both ends.
 */
export function renderPageForAnyUrl(page: Page, base: string): string {
  return renderPage(page).replaceAll(/(href|src)="(?![#/]|\w+:)/g, `$1="${base}`)
}

/** The content security policy as a tag, for hosts that can't send headers, such as GitHub Pages. */
const policyTag = `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">`

/** Renders Markdown as HTML. Headings get the same anchors as in Markdown viewers, and wide tables scroll. */
export function renderMarkdown(markdown: string): string {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        const anchor = anchorOf(text)
        const content = this.parser.parseInline(tokens)
        return `<h${depth} id="${anchor}">${content} <a class="anchor" href="#${anchor}" aria-label="Link to ${escapeHtml(text)}">#</a></h${depth}>\n`
      },
      code({ text }) {
        return `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>\n`
      },
    },
  })
  return (marked.parse(markdown) as string)
    .replaceAll('<table>', '<div class="wide" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>')
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
}
