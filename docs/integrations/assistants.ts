/**
 * Writes each page as Markdown to `<page>.md`, and the lists `llms.txt` and `llms-full.txt`, for assistants.
 *
 * The Markdown is made from the built page, so it contains what components render, such as samples.
 */
import { globSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { fromHtml } from 'hast-util-from-html'
import { select, selectAll } from 'hast-util-select'
import { defaultHandlers, type Handle, toMdast } from 'hast-util-to-mdast'
import { toString as textOf } from 'hast-util-to-string'
import { gfmToMarkdown } from 'mdast-util-gfm'
import { toMarkdown } from 'mdast-util-to-markdown'
import { model } from '../reference.ts'
import { root } from '../site.ts'

interface Page {
  /** `guides/errors-and-retries` */
  path: string
  title: string
  description: string
  text: string
}

export async function writeMarkdown(folder: string): Promise<void> {
  const names = globSync('**/index.html', { cwd: folder, exclude: ['redoc/**'] })
  const paths = names.map((name) => name.replace(/\/?index\.html$/, '')).sort()
  const html = (path: string) => readFile(`${folder}${path}/index.html`, 'utf8')
  const pages = await Promise.all(paths.map(async (path) => renderPage(path, await html(path), paths)))
  for (const { path, text } of pages) await writeFile(`${folder}${path || 'index'}.md`, text)
  await writeFile(`${folder}llms.txt`, listPages(pages))
  await writeFile(`${folder}llms-full.txt`, pages.map(({ text }) => text).join('\n'))
}

const pointer = `> A list of all pages is at <${root}llms.txt>.\n\n`

function renderPage(path: string, html: string, paths: string[]): Page {
  const document = fromHtml(html)
  const [main, head] = [select('main', document), select('head', document)]
  if (!main || !head) throw new Error(`The page /${path} has no <main>, so it can't be written as Markdown.`)
  const a: Handle = (state, node) => {
    if (String(node.properties.className).includes('sl-anchor-link')) return undefined
    node.properties.href = markdownUrl(
      new URL(String(node.properties.href), root + path.replace(/.$/, '$&/')),
      paths,
    )
    return defaultHandlers.a(state, node)
  }
  const tree = toMdast(main, { handlers: { ...handlers, a } })
  const title = select('h1', main)
  return {
    path,
    title: title ? textOf(title) : '',
    description: String(select('meta[name=description]', head)?.properties.content ?? ''),
    text: pointer + toMarkdown(tree, { extensions: [gfmToMarkdown()], bullet: '-', rule: '-' }),
  }
}

/** Returns the absolute URL of a link's target, as Markdown if it is a page. */
function markdownUrl({ href, hash }: URL, paths: string[]): string {
  const path =
    href.startsWith(root) && href.slice(root.length, hash ? -hash.length : undefined).replace(/\/$/, '')
  return path !== false && paths.includes(path) ? `${root}${path || 'index'}.md${hash}` : href
}

const ignore: Handle = () => undefined

const handlers: Record<string, Handle> = {
  footer: ignore,
  nav: ignore,
  // Its requests are those of the samples.
  'try-panel': ignore,
  svg: ignore,
  wbr: ignore,
  ul: (state, node) => (node.properties.role === 'tablist' ? undefined : defaultHandlers.ul(state, node)),
  div: (state, node) => {
    const { dataLabel } = node.properties
    const content = state.toFlow(state.all(node))
    if (!dataLabel) return content
    const label = { type: 'strong' as const, children: [{ type: 'text' as const, value: String(dataLabel) }] }
    return [{ type: 'paragraph', children: [label] }, ...content]
  },
  // Expressive Code has an element for each line.
  figure: (state, node) => {
    const pre = select('pre[data-language]', node)
    if (!pre || select('figure', { type: 'root', children: node.children }))
      return state.toFlow(state.all(node))
    const lines = selectAll('.ec-line', pre).map((line) => textOf(line).replace(/\n$/, ''))
    return { type: 'code', lang: String(pre.properties.dataLanguage), value: lines.join('\n') }
  },
}

function listPages(pages: Page[]): string {
  const sections = Map.groupBy(pages, ({ path }) => path.match(/^(\w+)\//)?.[1] ?? 'start')
  const lists = [...sections].map(([name, group]) => {
    const links = group.map(
      ({ path, title, description }) => `- [${title}](${root}${path || 'index'}.md): ${description}`,
    )
    return `## ${name[0]?.toUpperCase()}${name.slice(1)}\n\n${links.join('\n')}\n`
  })
  return `# ${model.title}\n\n> ${model.summary}\n\n${lists.join('\n')}\n## Optional

- [All pages in one file](${root}llms-full.txt)
- [The contract, in OpenAPI 3.1](${root}openapi.yaml)
`
}
