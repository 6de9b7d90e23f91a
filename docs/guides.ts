/** The guides: Markdown from `guides/`, with what comes from elsewhere put in its place. */
import { readFileSync } from 'node:fs'
import { assumptions } from './assumptions.ts'
import { contract, examplePath, operation, operations, server } from './contract.ts'
import { languages } from './samples.ts'

export interface Guide {
  /** Its part of an address: `errors-and-retries`. Redoc makes the same of the title. */
  slug: string
  title: string
  /** Without the title; links and placeholders as written. */
  markdown: string
}

/** How a page writes its links: Redoc's router, plain HTML and Markdown files each have their own. */
export interface Links {
  guide: (slug: string) => string
  operation: (id: string) => string
}

/** In the order of the menu; the file is named by the title. */
const titles = [
  'Quickstart',
  'Getting and renewing a token',
  'The life of a phone record',
  'Numbers and flags',
  'Errors and retries',
  'When a create fails halfway',
  'Mock or sandbox',
  'Shared sandbox',
  'Testing your integration',
  'What is assumed',
  'Versions and changes',
]

/** Where `pnpm start` serves them. */
const addresses = { mock: 'http://127.0.0.1:4010', sandbox: 'http://127.0.0.1:4020' }

export const guides: Guide[] = titles.map((title) => {
  const slug = slugOf(title)
  if (title === 'What is assumed') return { slug, title, markdown: assumptions() }
  const text = readFileSync(new URL(`guides/${slug}.md`, import.meta.url), 'utf8')
  const [heading = '', ...rest] = text.split('\n')
  if (heading !== `# ${title}`) throw new Error(`guides/${slug}.md must begin with "# ${title}".`)
  return { slug, title, markdown: filled(rest.join('\n').trim(), slug) }
})

/**
 * Turns `guide:…` and `operation:…` into links of one kind.
 *
 * @throws {Error} for a guide or an operation that does not exist.
 * @example linked('[create](operation:createBorrowerPhone)', redocLinks)
 */
export function linked(markdown: string, links: Links): string {
  return markdown.replace(/\]\((guide|operation):([\w-]+)\)/g, (_, kind: keyof Links, name: string) => {
    if (kind === 'operation') operation(name)
    else if (!guides.some(({ slug }) => slug === name)) throw new Error(`There is no guide "${name}".`)
    return `](${links[kind](name)})`
  })
}

export function slugOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}

/** Puts values of the contract and whole samples in the place of `{{name}}`. */
function filled(markdown: string, slug: string): string {
  const values: Record<string, string> = {
    ...addresses,
    server,
    version: contract.info.version,
    phones: examplePath(operation('listBorrowerPhones')),
  }
  return markdown.replace(/\{\{([^}]+)\}\}/g, (_, name: string) => {
    const value = name.startsWith('sample:') ? sample(name.slice('sample:'.length)) : values[name]
    if (value === undefined) throw new Error(`guides/${slug}.md: nothing is known as {{${name}}}.`)
    return value.trimEnd()
  })
}

/** `typescript/listBorrowerPhones` is made from the contract; any other name is a file in `samples/`. */
function sample(name: string): string | undefined {
  const [id = '', call = ''] = name.split('/')
  const language = languages.find((candidate) => candidate.id === id)
  if (!language) return undefined
  const made = operations.find((candidate) => candidate.id === call)
  const code = made
    ? language.render(made)
    : readFileSync(new URL(`samples/${call}.ts`, import.meta.url), 'utf8')
  return `\`\`\`${language.grammar}\n${code.trimEnd()}\n\`\`\``
}
