/** The frame around every page of the site's own, and Markdown as HTML. */
import { Marked } from 'marked'
import { contract } from './contract.ts'
import { anchorOf } from './reference.ts'
import { contentSecurityPolicy } from './serve.ts'

export interface Page {
  /** The file, as `index.html`. */
  file: string
  title: string
  description: string
  /** The content of `<main>`. */
  body: string
  /** A class for the page's own layout. */
  layout: 'start' | 'text' | 'try'
  /** A module of the page's own. */
  script?: string
  /** A style sheet of the page's own. */
  style?: string
}

const places = [
  { file: 'docs.html', name: 'Documentation' },
  { file: 'try.html', name: 'Try it' },
  { file: 'reference.html', name: 'Plain reference' },
]

/** A whole HTML document. It works without script, from any folder of any host. */
export function htmlOf({ file, title, description, body, layout, script, style }: Page): string {
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
<title>${escaped(title)}</title>
<meta name="description" content="${escaped(description)}">
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="site.css">
${style ? `<link rel="stylesheet" href="${style}">\n` : ''}<script src="color-mode.js"></script>
<script type="module" src="color-mode-button.js"></script>
${script ? `<script type="module" src="${script}"></script>\n` : ''}</head>
<body class="${layout}">
<a class="skip" href="#content">Skip to the content</a>
<header>
<a class="brand" href="index.html"><img src="icon.svg" alt="" width="28" height="28">RecoveryConnect</a>
<nav aria-label="Site">${links.join('')}</nav>
<button id="color-mode" type="button" hidden>Dark</button>
</header>
<main id="content">
${body.trim()}
</main>
<footer>Made from the contract, version ${contract.info.version}. The API belongs to its vendor; this site is built from the
vendor’s public documentation and is not affiliated with it.</footer>
</body>
</html>
`
}

/**
 * The same for a page that a host shows under any address: its links start at the root of the site.
 *
 * @param base `/`, or the folder of the site with a slash at both ends.
 */
export function htmlFromAnywhere(page: Page, base: string): string {
  return htmlOf(page).replaceAll(/(href|src)="(?![#/]|\w+:)/g, `$1="${base}`)
}

/** For hosts that send no headers, as GitHub Pages. */
export const policyTag = `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">`

/** Markdown as HTML: headings get the anchors that Markdown viewers give them, wide tables scroll by themselves. */
export function htmlOfMarkdown(markdown: string): string {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        const anchor = anchorOf(text)
        const content = this.parser.parseInline(tokens)
        return `<h${depth} id="${anchor}">${content} <a class="anchor" href="#${anchor}" aria-label="Link to ${escaped(text)}">#</a></h${depth}>\n`
      },
      code({ text }) {
        return `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`
      },
    },
  })
  return (marked.parse(markdown) as string)
    .replaceAll('<table>', '<div class="wide" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>')
}

export function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
}
