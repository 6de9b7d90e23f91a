/** Checks that the files of the built site are reproducible, complete, and small, and have no broken links. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Objection } from '@recoveryconnect/client'
import { config } from '@recoveryconnect/sandbox/workerd'
import { readModel } from '@recoveryconnect/spec/model'
import { describe, expect, it } from 'vitest'
import { buildSite } from '../build.ts'
import { guides, resolveLinks } from '../guides.ts'
import { renderRedocContract } from '../redoc-contract.ts'
import { dist } from '../serve.ts'

const { operations, schemas, marks } = readModel()
const text = (name: string) => readFile(new URL(name, dist), 'utf8')
const files = (await readdir(dist, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(dist.pathname.length))
  .sort()

it('is the same after a second build', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'site-'))
  const again = pathToFileURL(`${folder}/`)
  await buildSite(again)
  for (const name of files)
    expect((await readFile(new URL(name, again))).equals(await readFile(new URL(name, dist))), name).toBe(
      true,
    )
  await rm(folder, { recursive: true })
})

// The limits grow with the number of operations.
describe('size', () => {
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
      // 2 of it for the guide about generated clients, which has a row for each of them.
      most: 702 + 4 * operations.length,
    },
  ])('of $page with all its files: at most $most KB with gzip', async ({ page, loads, most }) => {
    const sizes = await Promise.all([page, ...loads].map(async (name) => gzipSync(await text(name)).length))
    const sum = sizes.reduce((total, size) => total + size) / 1000
    console.log(`${page}: ${sum.toFixed(1)} KB`)
    expect(sum).toBeLessThanOrEqual(most)
  })

  // An operation with a list can bring records of many fields, so the number of operations alone isn't enough.
  it('of reference.md: at most 5 KB, 2.5 KB for each operation, and 0.2 KB for each field, without gzip', async () => {
    const fields = Object.values(schemas).flatMap(({ properties }) => Object.keys(properties))
    const most = 5 + 2.5 * operations.length + 0.2 * fields.length
    const size = (await text('reference.md')).length / 1000
    console.log(`reference.md: ${size.toFixed(1)} KB of ${most.toFixed(1)} KB`)
    expect(size).toBeLessThanOrEqual(most)
  })
})

describe.each(['reference.html', 'reference.md'])('%s has, without JavaScript,', (name) => {
  it.each(operations)('the path, responses, and examples of $id', async (operation) => {
    const { summary, path, responses, body } = operation
    const page = textOf(await text(name))
    expect(page).toContain(summary)
    expect(page).toContain(path)
    for (const { status } of responses) expect(page).toMatch(new RegExp(`(Response|Status) ${status}`))
    const examples = [...(body?.examples ?? []), ...responses.flatMap(({ examples }) => examples)]
    for (const { name: example, value } of examples) {
      expect(page).toContain(`Example ${example}`)
      for (const line of JSON.stringify(value, null, 2)
        .split('\n')
        .map((part) => part.trim()))
        expect(page.replaceAll(/\s/g, '')).toContain(line.replaceAll(/\s/g, ''))
    }
  })

  it.each(Object.entries(schemas))('the fields of %s', async (schema, { properties }) => {
    const page = textOf(await text(name))
    const part = page.slice(page.indexOf(`\n${schema}`)).slice(schema.length)
    for (const field of Object.keys(properties)) expect(part).toContain(field)
  })
})

describe('links', () => {
  const pages = files.filter((name) => /\.(html|md|txt)$/.test(name) && name !== 'docs.html')

  it.each(pages)('in %s lead to files and anchors that exist', async (name) => {
    const links = linksOf(await text(name))
    for (const link of links.filter((target) => !/^https?:/.test(target))) {
      const { pathname, hash } = new URL(link, `http://site/${name}`)
      const target = pathname.slice(1) || 'index.html'
      expect(files, `${name} → ${link}`).toContain(target)
      if (hash && target !== 'docs.html')
        expect(await anchors(target), `${name} → ${link}`).toContain(hash.slice(1))
    }
  })

  it('load nothing from another origin', async () => {
    for (const name of files.filter((file) => /\.(html|css)$/.test(file)))
      expect(await text(name), name).not.toMatch(
        /(src|srcset)="https?:|<link [^>]*href="https?:|@import|url\(["']?https?:/,
      )
  })

  it.each(['guide:nowhere', 'operation:none'])(
    'such as %s stop the build if the target is missing',
    (target) => {
      const links = { guide: (slug: string) => slug, operation: (id: string) => id }
      expect(() => resolveLinks(`[there](${target})`, links)).toThrow(/nowhere|none/)
    },
  )
})

describe('the provenance of every claim is shown', () => {
  const elsewhere = marks.filter(({ pointer }) => !pointer.startsWith('#/servers'))

  it('in Redoc', () => {
    const shown = renderRedocContract()
    for (const { pointer, text } of elsewhere) {
      const keys = pointer.split('/').slice(1)
      const part = keys.reduce<any>(
        (node, key) => node[key.replaceAll('~1', '/').replaceAll('~0', '~')],
        shown,
      )
      expect(part.description ?? part.summary, pointer).toContain(text)
    }
  })

  it.each([
    { page: 'reference.md', shown: elsewhere },
    { page: 'guides/assumptions.md', shown: marks },
  ])('in $page', async ({ page, shown }) => {
    const content = putOnOneLine(await text(page))
    expect(shown.length).toBeGreaterThan(30)
    for (const claim of shown) expect(content).toContain(putOnOneLine(claim.text))
  })

  it('in the list of assumptions, with a readable name for its place', async () => {
    expect(await text('guides/assumptions.md')).not.toMatch(/`#\//)
  })
})

describe('guides', () => {
  it('list the limits of the shared sandbox as they are deployed', async () => {
    const { BURST, BYTES_PER_WORLD, IDLE_SECONDS, RECORDS_PER_WORLD, REQUESTS_PER_SECOND } = config.vars
    const guide = await text('guides/shared-sandbox.md')
    for (const [row, ...limits] of [
      ['Requests to one world', REQUESTS_PER_SECOND, BURST, 429],
      ['Records in one world', RECORDS_PER_WORLD, 403, 422],
      ['Bytes of the records', BYTES_PER_WORLD, 403, 422],
      ['A body', 2 * BYTES_PER_WORLD, 413],
      ['An unused world', IDLE_SECONDS / 86_400],
    ]) {
      const line = guide.split('\n').find((text) => text.startsWith(`| ${row}`))
      for (const limit of limits) expect(line).toMatch(new RegExp(`\\b${limit?.toLocaleString('en')}\\b`))
    }
  })

  it.each(['index.html', 'try.html', 'guides/shared-sandbox.md'])(
    '%s warns against real borrower data in a sandbox',
    async (page) => {
      expect(await text(page)).toMatch(/n[’']t enter real borrower data/)
    },
  )

  it('list every kind of objection to a number', async () => {
    const kinds: Record<Objection['kind'], true> = {
      no_contact: true,
      not_valid: true,
      deleted: true,
      not_dialable: true,
      unreadable_number: true,
      deceased: true,
      bankruptcy: true,
      active_military: true,
      unclear: true,
    }
    const table = await text('guides/find-numbers-to-dial.md')
    for (const kind of Object.keys(kinds)) expect(table).toMatch(new RegExp(`^\\| \`${kind}\` `, 'm'))
  })

  it('list every status of the contract', async () => {
    const table = await text('guides/errors-and-retries.md')
    const documented = operations.flatMap(({ responses }) =>
      responses.flatMap(({ status, examples }) => [status, ...examples.map((example) => example.status)]),
    )
    const own = [...new Set(documented.map(String))].filter((status) => !/^50/.test(status))
    for (const status of own) expect(table).toMatch(new RegExp(`^\\| (other )?${status} `, 'm'))
  })

  it.each(guides)('have no unfilled placeholders: $title', ({ markdown }) => {
    expect(markdown).not.toMatch(/\{\s*\{|sample:/)
  })

  it('are listed in llms.txt', async () => {
    const list = await text('llms.txt')
    for (const { slug, title } of guides) expect(list).toContain(`- [${title}](guides/${slug}.md)`)
  })
})

describe('downloads', () => {
  it('include the contract as built in spec', async () => {
    for (const name of ['openapi.yaml', 'openapi.json', 'openapi-3.0.json'])
      expect(await text(name)).toBe(
        await readFile(new URL(`../../spec/dist/${name}`, import.meta.url), 'utf8'),
      )
  })

  it('include a Postman collection with every operation, every example, and unique ids', async () => {
    const collection = await text('postman.json')
    const { item } = JSON.parse(collection) as { item: { item: { name: string; response: unknown[] }[] }[] }
    const requests = item.flatMap((folder) => folder.item)
    expect(requests.map(({ name }) => name).sort()).toEqual(operations.map(({ summary }) => summary).sort())
    for (const { summary, responses } of operations) {
      const examples = responses.flatMap(({ examples }) => examples)
      expect(requests.find(({ name }) => name === summary)?.response).toHaveLength(examples.length)
    }
    const ids = [...collection.matchAll(/"(?:_postman_)?id": "([^"]{36})"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

/** Puts a text on one line, as it is in tables and lists. */
function putOnOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('\\|', '|')
}

/** Returns the text of a page without its markup. */
function textOf(page: string): string {
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
