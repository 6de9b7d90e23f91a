/** The built site as files: the same twice, complete, small, and without a link that leads nowhere. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { config } from '@recoveryconnect/sandbox/workerd'
import { describe, expect, it } from 'vitest'
import { buildSite } from '../build.ts'
import { contract, operations } from '../contract.ts'
import { guides, linked } from '../guides.ts'
import { redocContract } from '../redoc-contract.ts'
import { dist } from '../serve.ts'

const text = (name: string) => readFile(new URL(name, dist), 'utf8')
const files = (await readdir(dist, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(dist.pathname.length))
  .sort()

it('a second build writes the same bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'site-'))
  const again = pathToFileURL(`${folder}/`)
  await buildSite(again)
  for (const name of files)
    expect((await readFile(new URL(name, again))).equals(await readFile(new URL(name, dist))), name).toBe(
      true,
    )
  await rm(folder, { recursive: true })
})

// A section that the contract gains may bring its own share.
describe('what a reader has to load, in kilobytes after gzip', () => {
  it.each([
    {
      page: 'reference.html',
      loads: ['site.css', 'color-mode.js', 'color-mode-button.js', 'icon.svg'],
      most: 4 + 2 * operations.length,
    },
    {
      page: 'try.html',
      loads: ['try.js', 'site.css', 'try.css', 'color-mode.js', 'color-mode-button.js', 'icon.svg'],
      most: 30 + 2 * operations.length,
    },
    {
      page: 'docs.html',
      loads: ['docs.js', 'redoc.js', 'redoc.css', 'color-mode.js', 'icon.svg', 'logo.svg', 'redoc.svg'],
      most: 696 + 4 * operations.length,
    },
  ])('$page: at most $most', async ({ page, loads, most }) => {
    const sizes = await Promise.all([page, ...loads].map(async (name) => gzipSync(await text(name)).length))
    const sum = sizes.reduce((total, size) => total + size) / 1000
    console.log(`${page}: ${sum.toFixed(1)} KB`)
    expect(sum).toBeLessThanOrEqual(most)
  })

  it('the reference as Markdown has at most 5 for each operation, without gzip', async () => {
    expect((await text('reference.md')).length / 1000).toBeLessThanOrEqual(5 * operations.length)
  })
})

describe.each(['reference.html', 'reference.md'])('%s holds without script', (name) => {
  it.each(operations)('$id: path, answers and examples', async ({ title, path, answers, request }) => {
    const page = plain(await text(name))
    expect(page).toContain(title)
    expect(page).toContain(path)
    for (const { status } of answers) expect(page).toMatch(new RegExp(`(Answer|Status) ${status}`))
    const examples = [...(request?.examples ?? []), ...answers.flatMap(({ body }) => body?.examples ?? [])]
    for (const { name: example, value } of examples) {
      expect(page).toContain(`Example ${example}`)
      for (const line of JSON.stringify(value, null, 2)
        .split('\n')
        .map((part) => part.trim()))
        expect(page.replaceAll(/\s/g, '')).toContain(line.replaceAll(/\s/g, ''))
    }
  })

  it.each(Object.entries(contract.components.schemas))(
    'the fields of %s',
    async (schema, { properties = {} }) => {
      const page = plain(await text(name))
      const part = page.slice(page.indexOf(`\n${schema}`)).slice(schema.length)
      for (const field of Object.keys(properties)) expect(part).toContain(field)
    },
  )
})

describe('links', () => {
  const pages = files.filter((name) => /\.(html|md|txt)$/.test(name) && name !== 'docs.html')

  it.each(pages)('%s leads to files and anchors that exist', async (name) => {
    const links = linksOf(await text(name))
    for (const link of links.filter((target) => !/^https?:/.test(target))) {
      const { pathname, hash } = new URL(link, `http://site/${name}`)
      const target = pathname.slice(1) || 'index.html'
      expect(files, `${name} → ${link}`).toContain(target)
      if (hash && target !== 'docs.html')
        expect(await anchors(target), `${name} → ${link}`).toContain(hash.slice(1))
    }
  })

  it('no page loads anything from another origin', async () => {
    for (const name of files.filter((file) => /\.(html|css)$/.test(file)))
      expect(await text(name), name).not.toMatch(
        /(src|srcset)="https?:|<link [^>]*href="https?:|@import|url\(["']?https?:/,
      )
  })

  it.each(['guide:nowhere', 'operation:none'])('%s in a guide stops the build', (target) => {
    const links = { guide: (slug: string) => slug, operation: (id: string) => id }
    expect(() => linked(`[there](${target})`, links)).toThrow(/nowhere|none/)
  })
})

/** What the marks of the contract, or of a part of it, say. */
function marksIn(part: unknown): string[] {
  const found = JSON.stringify(part).matchAll(/"x-(?:assumed|source|question)":("(?:[^"\\]|\\.)*")/g)
  return [...found].map(([, text = '""']) => (JSON.parse(text) as string).trim())
}

describe('a mark stands where its claim is read', () => {
  const marks = ['x-assumed', 'x-source', 'x-question'] as const
  const { servers: _, ...rest } = contract

  it('in Redoc', () => {
    let compared = 0
    const compare = (node: any, shown: any): void => {
      if (typeof node !== 'object' || node === null) return
      for (const key of Object.keys(node)) compare(node[key], shown[key])
      for (const mark of marks.filter((mark) => node[mark])) {
        expect(shown.description ?? shown.summary).toContain(node[mark].trim())
        compared++
      }
    }
    const { tags: _, ...parts } = rest
    compare(parts, redocContract())
    expect(compared).toBeGreaterThan(30)
  })

  it('and in the plain reference', async () => {
    const page = await text('reference.md')
    const texts = marksIn(rest)
    expect(texts.length).toBeGreaterThan(30)
    for (const mark of texts) expect(page).toContain(mark)
  })
})

describe('guides', () => {
  it('the limits of the shared sandbox are those that are deployed', async () => {
    const { BURST, BYTES_PER_WORLD, IDLE_SECONDS, RECORDS_PER_WORLD, REQUESTS_PER_SECOND } = config.vars
    const guide = await text('guides/shared-sandbox.md')
    for (const limit of [
      `${REQUESTS_PER_SECOND} a second, and ${BURST} at once`,
      `${RECORDS_PER_WORLD.toLocaleString('en')}, and twice as many orders and borrowers; then a create is 403`,
      `${BYTES_PER_WORLD.toLocaleString('en')}; then what would need more is 403`,
      `an imported world ${(2 * BYTES_PER_WORLD).toLocaleString('en')}; then 413`,
      `after ${IDLE_SECONDS / 86_400} days`,
    ])
      expect(guide).toContain(limit)
  })

  it('wherever a sandbox is offered, the site says what does not belong there', async () => {
    for (const page of ['index.html', 'try.html', 'guides/shared-sandbox.md'])
      expect(await text(page)).toContain('No data of real borrowers belongs')
  })

  it('the table of statuses has every status of the contract', async () => {
    const table = await text('guides/errors-and-retries.md')
    const documented = operations.flatMap(({ answers }) =>
      answers.flatMap(({ status, body }) => [
        status,
        ...(body?.examples ?? []).map((example) => example.status ?? status),
      ]),
    )
    const own = [...new Set(documented.map(String))].filter((status) => !/^50/.test(status))
    for (const status of own) expect(table).toMatch(new RegExp(`^\\| (other )?${status} `, 'm'))
  })

  it('the page of assumptions holds every mark of the contract', async () => {
    const page = await text('guides/what-is-assumed.md')
    const texts = marksIn(contract)
    expect(texts.length).toBeGreaterThan(30)
    for (const mark of texts) expect(page).toContain(mark)
  })

  it.each(guides)('$title: every sample and value is in its place', ({ markdown }) => {
    expect(markdown).not.toMatch(/\{\s*\{|sample:/)
  })

  it('llms.txt names each of them', async () => {
    const list = await text('llms.txt')
    for (const { slug, title } of guides) expect(list).toContain(`- [${title}](guides/${slug}.md)`)
  })
})

describe('downloads', () => {
  it('the contract is the one that the spec was built to', async () => {
    for (const name of ['openapi.yaml', 'openapi.json', 'openapi-3.0.json'])
      expect(await text(name)).toBe(
        await readFile(new URL(`../../spec/dist/${name}`, import.meta.url), 'utf8'),
      )
  })

  it('the Postman collection has every operation with every example, and each id once', async () => {
    const collection = await text('postman.json')
    const { item } = JSON.parse(collection) as { item: { item: { name: string; response: unknown[] }[] }[] }
    const requests = item.flatMap((folder) => folder.item)
    expect(requests.map(({ name }) => name).sort()).toEqual(operations.map(({ title }) => title).sort())
    for (const { title, answers } of operations) {
      const examples = answers.flatMap(({ body }) => body?.examples ?? [])
      expect(requests.find(({ name }) => name === title)?.response).toHaveLength(examples.length)
    }
    const ids = [...collection.matchAll(/"(?:_postman_)?id": "([^"]{36})"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

/** The words of a page, without its marks. */
function plain(page: string): string {
  return page
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/[`*]|^#+ /gm, '')
}

function linksOf(page: string): string[] {
  const html = [...page.matchAll(/(?:href|src)="([^"]*)"/g)]
  const markdown = [...page.matchAll(/\]\(([^)\s]+)\)/g)]
  return [...html, ...markdown].map(([, target = '']) => target.replaceAll('&amp;', '&'))
}

async function anchors(name: string): Promise<string[]> {
  const page = await text(name)
  if (name === 'try.html') return operations.map(({ id }) => id).concat('content')
  const html = [...page.matchAll(/id="([^"]*)"/g)].map(([, id = '']) => id)
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  )
  return [...html, ...headings]
}
