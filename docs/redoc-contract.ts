/** The contract as Redoc shows it: with the guides in its menu and its search, and a sample of each call. */
import { contract, operations } from './contract.ts'
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
  const { info, tags, paths } = structuredClone(contract)
  for (const item of Object.values(paths)) for (const raw of Object.values(item)) addToOperation(raw)
  return {
    ...contract,
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

function addToOperation(raw: unknown): void {
  const { operationId, 'x-question': question } = raw as { operationId?: string; 'x-question'?: string }
  const operation = operations.find(({ id }) => id === operationId)
  if (!operation) return
  const samples = languages.map(({ label, grammar, render }) => ({
    lang: grammar,
    label,
    source: render(operation),
  }))
  const open = `**Only the vendor can answer:** ${question} See [what is assumed](${redocLinks.guide('what-is-assumed')}).\n`
  const description = [
    operation.description,
    ...(question ? [open] : []),
    `[Try it in your browser](try.html#${operation.id})\n`,
  ].join('\n')
  Object.assign(raw as object, { description, 'x-codeSamples': samples })
}
