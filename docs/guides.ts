/** Reads the guides from `guides/` and replaces their placeholders with values and samples. */
import { readFileSync } from 'node:fs'
import { examplePath, findOperation, readModel } from '@recoveryconnect/spec/model'
import { listAssumptions } from './assumptions-guide.ts'
import { describeClients } from './generated-clients.ts'
import { exampleCall, languages, server } from './samples.ts'

export interface Guide {
  /** The file name without its extension, also used in URLs. Redoc derives the same from the title. */
  slug: string
  title: string
  /** The text without the title. Its links are still `guide:…` and `operation:…`. */
  markdown: string
}

/** Returns the URL of a guide or an operation. The URLs in Redoc differ from those in Markdown files. */
export interface Links {
  guide: (slug: string) => string
  operation: (id: string) => string
}

const model = readModel()

/** The titles, in the order of the menu. A file is named after the slug of its title. */
const titles = [
  'Quickstart',
  'Get and renew a token',
  'Find numbers to dial',
  'Work with phone records',
  'Numbers and flags',
  'Errors and retries',
  'Recover from a failed create',
  'Use openapi-fetch',
  'Mock or sandbox',
  'Shared sandbox',
  'Test your integration',
  'Connect through a proxy',
  'Log and trace calls',
  'What generated clients do under faults',
  'Assumptions',
  'Versions and changes',
]

/** The guides that are made from data. */
const rendered: Record<string, () => string> = {
  'What generated clients do under faults': describeClients,
  Assumptions: listAssumptions,
}

/** The default URLs of `pnpm start`. */
const addresses = { mock: 'http://127.0.0.1:4010', sandbox: 'http://127.0.0.1:4020' }

export const guides: Guide[] = titles.map((title) => {
  const slug = slugOf(title)
  const render = rendered[title]
  if (render) return { slug, title, markdown: render() }
  const text = readFileSync(new URL(`guides/${slug}.md`, import.meta.url), 'utf8')
  const [heading = '', ...rest] = text.split('\n')
  if (heading !== `# ${title}`) throw new Error(`guides/${slug}.md must begin with "# ${title}".`)
  return { slug, title, markdown: fillPlaceholders(rest.join('\n').trim(), slug) }
})

/**
 * Replaces `guide:…` and `operation:…` with the links of a page.
 *
 * @throws {Error} if the guide or the operation doesn't exist.
 * @example resolveLinks('[create](operation:createBorrowerPhone)', redocLinks)
 */
export function resolveLinks(markdown: string, links: Links): string {
  return markdown.replace(/\]\((guide|operation):([\w-]+)\)/g, (_, kind: keyof Links, name: string) => {
    if (kind === 'operation') findOperation(model, name)
    else if (!guides.some(({ slug }) => slug === name))
      throw new Error(`A guide links to guide:${name}, which doesn't exist. Correct the link.`)
    return `](${links[kind](name)})`
  })
}

function slugOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}

function fillPlaceholders(markdown: string, slug: string): string {
  const values: Record<string, string> = {
    ...addresses,
    server,
    version: model.version,
    phones: examplePath(findOperation(model, 'listBorrowerPhones')),
  }
  return markdown.replace(/\{\{([^}]+)\}\}/g, (_, name: string) => {
    const value = name.startsWith('sample:') ? renderSample(name.slice('sample:'.length)) : values[name]
    if (value === undefined) throw new Error(`guides/${slug}.md: {{${name}}} isn't a placeholder.`)
    return value.trimEnd()
  })
}

/** Renders the sample of an operation, such as `typescript/listBorrowerPhones`, or reads a file from `samples/`. */
function renderSample(name: string): string | undefined {
  const [id = '', call = ''] = name.split('/')
  const language = languages.find((candidate) => candidate.id === id)
  if (!language) return undefined
  const operation = model.operations.find((candidate) => candidate.id === call)
  const code = operation
    ? language.render(operation, exampleCall(operation))
    : readFileSync(new URL(`samples/${call}.ts`, import.meta.url), 'utf8')
  return `\`\`\`${language.grammar}\n${code.trimEnd()}\n\`\`\``
}
