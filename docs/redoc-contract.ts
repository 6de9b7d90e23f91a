/** The contract as Redoc shows it: with the guides in its menu and its search, and a sample of each call. */
import { contract, type Marked, marksOf, operations } from './contract.ts'
import { guides, type Links, linked, slugOf } from './guides.ts'
import { languages } from './samples.ts'

/** How Redoc's router addresses a guide or an operation. */
export const redocLinks: Links = {
  guide: (slug) => `#/${slug}`,
  operation: (id) => {
    const found = operations.find((candidate) => candidate.id === id)
    return `#/${slugOf(found?.tag ?? '')}/${id.toLowerCase()}`
  },
}

/** A tag without operations is a chapter of its own; groups of tags are the headings of the menu. */
export function redocContract(): object {
  const chapters = guides.map(({ title, markdown }) => ({
    name: title,
    'x-traitTag': true,
    description: linked(markdown, redocLinks),
  }))
  const shown = structuredClone(contract)
  addMarks(shown)
  const { info, tags, paths } = shown
  for (const item of Object.values(paths)) for (const raw of Object.values(item)) addToOperation(raw)
  return {
    ...shown,
    info: {
      ...info,
      description: `${info.description}\n${ways}`,
      'x-logo': { url: 'logo.svg', href: 'index.html', altText: 'RecoveryConnect: start page' },
    },
    tags: [...chapters, ...tags],
    'x-tagGroups': [
      { name: 'Guides', tags: guides.map(({ title }) => title) },
      { name: 'Reference', tags: tags.map(({ name }) => name) },
    ],
    paths,
  }
}

const ways = `
[Try it in your browser](try.html) · [All of this as plain HTML](reference.html) · [openapi.yaml](openapi.yaml)
`

/** Redoc shows descriptions, not marks: each goes where its claim is read. */
function addMarks(node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  for (const child of Object.values(node)) addMarks(child)
  const marked = node as Marked & { description?: string; summary?: string }
  const marks = marksOf(marked)
  if (marks) {
    // An example has a summary alone.
    const place = marked.description === undefined ? 'summary' : 'description'
    marked[place] = (marked[place] ?? '').trim() + marks
  }
  for (const mark of ['x-assumed', 'x-source', 'x-question'] as const) delete marked[mark]
}

function addToOperation(raw: unknown): void {
  const { operationId } = raw as { operationId?: string }
  const operation = operations.find(({ id }) => id === operationId)
  if (!operation) return
  const samples = languages.map(({ label, grammar, render }) => ({
    lang: grammar,
    label,
    source: render(operation),
  }))
  const description = `${operation.description}\n\n[Try it in your browser](try.html#${operation.id})\n`
  Object.assign(raw as object, { description, 'x-codeSamples': samples })
}
