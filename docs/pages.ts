/** Renders the pages and text files of the site, except Redoc's page and the try page. */
import { examplePath, findOperation, type Json, type Operation, readModel } from '@recoveryconnect/spec/model'
import { type Guide, guides, resolveLinks } from './guides.ts'
import { escapeHtml, type Page, renderMarkdown } from './page.ts'
import { redocLinks } from './redoc-contract.ts'
import { anchorOf, renderReference } from './reference.ts'
import { server } from './samples.ts'

const model = readModel()
const { title, summary, description, operations } = model

export function startPage(): Page {
  const list = findOperation(model, 'listBorrowerPhones')
  const { data } = (list.responses[0]?.examples[0]?.value ?? { data: [] }) as { data: Json[] }
  return {
    file: 'index.html',
    layout: 'start',
    title,
    description: summary,
    body: `
<section class="hero">
<div>
<h1>${escapeHtml(title.replace(/^RecoveryConnect /, ''))} API</h1>
<p class="lead">${escapeHtml(summary)} Try every operation in your browser, without a token or an account.</p>
<p>Use made-up data. Don’t enter real borrower data in a sandbox.</p>
<p class="actions"><a class="button primary" href="try.html">Try it now</a>
<a class="button" href="docs.html${redocLinks.guide('quickstart')}">Quickstart</a>
<a class="button" href="docs.html">Documentation</a></p>
</div>
<figure>
<pre tabindex="0"><code>${escapeHtml(`GET ${examplePath(list)}
Authorization: Bearer …

200 OK
${JSON.stringify({ data: data.slice(0, 1) }, null, 2)}`)}</code></pre>
<figcaption>An example from the vendor’s documentation (shortened)</figcaption>
</figure>
</section>
<section aria-labelledby="operations">
<h2 id="operations">${operations.length} operations</h2>
<ul class="operations">${operations.map(operationItem).join('')}</ul>
</section>
<section class="cards">
<div><h2>Learn</h2><ul>${guideItems(['find-numbers-to-dial', 'work-with-phone-records', 'numbers-and-flags', 'errors-and-retries', 'assumptions'])}
<li><a href="reference.html">Plain reference</a></li></ul></div>
<div><h2>Build</h2><ul>${guideItems(['get-and-renew-a-token', 'mock-or-sandbox', 'shared-sandbox', 'test-your-integration', 'connect-through-a-proxy', 'log-and-trace-calls', 'recover-from-a-failed-create', 'use-openapi-fetch', 'what-generated-clients-do-under-faults', 'versions-and-changes'])}</ul></div>
<div><h2>Downloads</h2><ul>${downloads.map(({ file, what }) => `<li><a href="${file}">${file}</a>: ${what}</li>`).join('')}</ul></div>
</section>`,
  }
}

const downloads = [
  { file: 'openapi.yaml', what: 'OpenAPI 3.1, in YAML' },
  { file: 'openapi.json', what: 'OpenAPI 3.1, in JSON' },
  { file: 'openapi-3.0.json', what: 'OpenAPI 3.0, in JSON' },
  { file: 'postman.json', what: 'a Postman collection' },
  { file: 'reference.md', what: 'the reference as Markdown' },
  { file: 'llms.txt', what: 'an overview for language models' },
]

function operationItem({ id, method, summary }: Operation): string {
  return `<li><a href="docs.html${redocLinks.operation(id)}"><span class="method ${method.toLowerCase()}">${method}</span> ${escapeHtml(summary)}</a></li>`
}

function guideItems(slugs: string[]): string {
  const items = slugs.map((slug) => guides.find((guide) => guide.slug === slug))
  return items.map((guide) => `<li><a href="docs.html#/${guide?.slug}">${guide?.title}</a></li>`).join('')
}

export function referencePage(): Page {
  return {
    file: 'reference.html',
    layout: 'text',
    title: `${title}: plain reference`,
    description: 'All operations, fields, statuses, and examples on one page that works without JavaScript.',
    body: renderMarkdown(renderReference()),
  }
}

export function notFoundPage(): Page {
  return {
    file: '404.html',
    layout: 'text',
    title: 'Page not found',
    description: 'This page doesn’t exist.',
    body: `<h1>Page not found</h1>
<p>The URL might have changed. Go to the <a href="index.html">home page</a>, search the
<a href="docs.html">documentation</a>, or browse the <a href="reference.html">plain reference</a>.</p>`,
  }
}

/** @see https://llmstxt.org */
export function renderLlmsText(): string {
  return `# ${title}

> ${summary} The server is ${server}.

${description.trim()}

## Reference

- [Reference as Markdown](reference.md): every operation, field, status, and example
- [openapi.json](openapi.json): the contract as OpenAPI 3.1
- [openapi-3.0.json](openapi-3.0.json): the contract as OpenAPI 3.0
- [postman.json](postman.json): the contract as a Postman collection

## Guides

${guides.map((guide) => `- [${guide.title}](guides/${guide.slug}.md)`).join('\n')}
`
}

export function renderGuideFile({ title, markdown }: Guide): string {
  const links = {
    guide: (slug: string) => `${slug}.md`,
    operation: (id: string) => `../reference.md#${anchorOf(findOperation(model, id).summary)}`,
  }
  // Guides are in a folder of their own. All other files are one folder up.
  const text = resolveLinks(
    markdown.replaceAll(/\]\(([\w.-]+\.(?:html|json|yaml|txt|md))\)/g, '](../$1)'),
    links,
  )
  return `# ${title}\n\n${text.trim()}\n`
}
