/** Renders the contract for Redoc, with the guides in the menu and the search, and with samples for each operation. */
import { annotateProvenance } from '@recoveryconnect/spec/annotate'
import { findOperation, readModel } from '@recoveryconnect/spec/model'
import { guides, type Links, resolveLinks } from './guides.ts'
import { exampleCall, languages } from './samples.ts'

interface RedocDocument {
  info: { description: string }
  tags: { name: string }[]
  paths: Record<string, Record<string, { operationId?: string; description?: string }>>
}

const model = readModel()

/** The URLs of guides and operations in Redoc's router. */
export const redocLinks: Links = {
  guide: (slug) => `#/${slug}`,
  operation: (id) => {
    const { resource } = findOperation(model, id)
    return `#/${model.resources.find(({ name }) => name === resource)?.slug}/${id.toLowerCase()}`
  },
}

/** Adds each guide as a tag without operations, because Redoc shows such a tag as a chapter. */
export function renderRedocContract(): object {
  const shown = annotateProvenance(model.document as unknown as RedocDocument)
  const operations = Object.values(shown.paths).flatMap((item) => Object.values(item))
  for (const operation of operations) if (operation.operationId) extendOperation(operation)
  const chapters = guides.map(({ title, markdown }) => ({
    name: title,
    'x-traitTag': true,
    description: resolveLinks(markdown, redocLinks),
  }))
  return {
    ...shown,
    info: {
      ...shown.info,
      description: `${shown.info.description}\n${otherFormats}`,
      'x-logo': { url: 'logo.svg', href: 'index.html', altText: 'RecoveryConnect home' },
    },
    tags: [...chapters, ...shown.tags],
    'x-tagGroups': [
      { name: 'Guides', tags: guides.map(({ title }) => title) },
      { name: 'Reference', tags: shown.tags.map(({ name }) => name) },
    ],
  }
}

const otherFormats = `
[Try it in your browser](try.html) · [Plain reference](reference.html) · [openapi.yaml](openapi.yaml)
`

function extendOperation(shown: { operationId?: string; description?: string }): void {
  const operation = findOperation(model, shown.operationId ?? '')
  Object.assign(shown, {
    description: `${shown.description ?? ''}\n\n[Try it in your browser](try.html#${operation.id})\n`,
    'x-codeSamples': languages.map(({ label, grammar, render }) => ({
      lang: grammar,
      label,
      source: render(operation, exampleCall(operation)),
    })),
  })
}
