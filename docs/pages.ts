/** The pages of the site that are not Redoc's: what each one holds. */
import { contract, examplePath, operation, operations, server } from './contract.ts'
import { guides, linked } from './guides.ts'
import { escaped, htmlOfMarkdown, type Page } from './page.ts'
import { redocLinks } from './redoc-contract.ts'
import { reference } from './reference.ts'

export function pages(): Page[] {
  return [startPage(), referencePage()]
}

function startPage(): Page {
  const list = operation('listBorrowerPhones')
  const { data = [] } = (list.answers[0]?.body?.examples[0]?.value ?? {}) as { data?: unknown[] }
  return {
    file: 'index.html',
    layout: 'start',
    title: contract.info.title,
    description: contract.info.summary,
    body: `
<section class="hero">
<div>
<h1>${escaped(contract.info.title.replace(/^RecoveryConnect /, ''))}, by API</h1>
<p class="lead">${escaped(contract.info.summary)} Every call runs in your browser first: no token, no account, no server.
No data of real borrowers belongs in a sandbox.</p>
<p class="actions"><a class="button primary" href="try.html">Try it now</a>
<a class="button" href="docs.html${redocLinks.guide('quickstart')}">Quickstart</a>
<a class="button" href="docs.html">Documentation</a></p>
</div>
<figure>
<pre tabindex="0"><code>${escaped(`GET ${examplePath(list)}
Authorization: Bearer …

200 OK
${JSON.stringify({ data: data.slice(0, 1) }, null, 2)}`)}</code></pre>
<figcaption>One of the vendor’s own examples, shortened.</figcaption>
</figure>
</section>
<section aria-labelledby="operations">
<h2 id="operations">${operations.length} operations</h2>
<ul class="operations">${operations.map(operationItem).join('')}</ul>
</section>
<section class="cards">
<div><h2>Read</h2><ul>${guideItems(['the-life-of-a-phone-record', 'numbers-and-flags', 'errors-and-retries', 'what-is-assumed'])}
<li><a href="reference.html">Everything on one plain page</a></li></ul></div>
<div><h2>Build</h2><ul>${guideItems(['getting-and-renewing-a-token', 'mock-or-sandbox', 'shared-sandbox', 'testing-your-integration', 'when-a-create-fails-halfway', 'versions-and-changes'])}</ul></div>
<div><h2>Take along</h2><ul>${downloads.map(({ file, what }) => `<li><a href="${file}">${file}</a> ${what}</li>`).join('')}</ul></div>
</section>`,
  }
}

/** What the site offers to machines. */
const downloads = [
  { file: 'openapi.yaml', what: 'the contract, OpenAPI 3.1' },
  { file: 'openapi.json', what: 'the same as JSON' },
  { file: 'openapi-3.0.json', what: 'for generators that need 3.0' },
  { file: 'postman.json', what: 'a collection for Postman' },
  { file: 'reference.md', what: 'the reference as Markdown' },
  { file: 'llms.txt', what: 'for language models' },
]

function operationItem({ id, method, title }: (typeof operations)[number]): string {
  return `<li><a href="docs.html${redocLinks.operation(id)}"><span class="method ${method.toLowerCase()}">${method}</span> ${escaped(title)}</a></li>`
}

function guideItems(slugs: string[]): string {
  const items = slugs.map((slug) => guides.find((guide) => guide.slug === slug))
  return items.map((guide) => `<li><a href="docs.html#/${guide?.slug}">${guide?.title}</a></li>`).join('')
}

function referencePage(): Page {
  return {
    file: 'reference.html',
    layout: 'text',
    title: `${contract.info.title}: plain reference`,
    description: 'All operations, fields, statuses and examples on one page, without script.',
    body: htmlOfMarkdown(reference()),
  }
}

export function notFoundPage(): Page {
  return {
    file: '404.html',
    layout: 'text',
    title: 'Page not found',
    description: 'There is no such page.',
    body: `<h1>There is no such page</h1>
<p>The address may have changed. Start at the <a href="index.html">start page</a>, search the
<a href="docs.html">documentation</a>, or look through <a href="reference.html">everything on one page</a>.</p>`,
  }
}

/** @see https://llmstxt.org */
export function llmsText(): string {
  const { title, summary, description } = contract.info
  return `# ${title}

> ${summary} Server: ${server}

${description.trim()}

## Reference

- [The reference as Markdown](reference.md): every operation, field, status and example
- [openapi.json](openapi.json): the contract, OpenAPI 3.1
- [openapi-3.0.json](openapi-3.0.json): the same as OpenAPI 3.0
- [postman.json](postman.json): the same as a Postman collection

## Guides

${guides.map((guide) => `- [${guide.title}](guides/${guide.slug}.md)`).join('\n')}
`
}

/** A guide as a Markdown file of its own, beside the others. */
export function guideFile({ title, markdown }: (typeof guides)[number]): string {
  const links = {
    guide: (slug: string) => `${slug}.md`,
    operation: (id: string) => `../reference.md#${operation(id).title.toLowerCase().replaceAll(' ', '-')}`,
  }
  // What is no guide lies one folder up.
  const text = linked(markdown.replaceAll(/\]\(([\w.-]+\.(?:html|json|yaml|txt|md))\)/g, '](../$1)'), links)
  return `# ${title}\n\n${text.trim()}\n`
}
