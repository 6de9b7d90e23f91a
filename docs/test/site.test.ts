/** Checks the files of the built site: links, sizes, policies, Markdown, and a site in a folder of its own. */
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { runChecks } from 'afdocs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { model, slugOf } from '../reference.ts'
import { dist, serveDocs, serveFolder } from '../serve.ts'
import { repository, root } from '../site.ts'
import { listPages, run } from './dist.ts'

const pages = listPages(dist)
const text = (file: string, folder = dist) => readFileSync(new URL(file, folder), 'utf8')
const htmlOf = (path: string, folder = dist) => text(`${path}index.html`, folder)

describe.each(pages)('/%s', (path) => {
  const html = htmlOf(path)

  it('has a title, a description, a canonical link, and a social card', () => {
    expect(html).toMatch(/<title>[^<]+ \| RecoveryConnect</)
    expect(html).toMatch(/<meta name="description" content="[^"]+"/)
    expect(html).toContain(`<link rel="canonical" href="${root}${path}"`)
    expect(html).toContain(`<meta property="og:image" content="${root}social.png"`)
  })

  it('is at most 60 KB with its styles and scripts, with gzip', () => {
    const files = new Set(
      [...html.matchAll(/(?:src|href)="\/(_astro\/[^"]+\.(?:css|js))"/g)].map(([, file = '']) => file),
    )
    const sizes = [`${path}index.html`, ...files].map((file) => gzipSync(text(file)).length)
    expect(sizes.reduce((sum, size) => sum + size) / 1000).toBeLessThanOrEqual(60)
  })

  it('allows no other origin and no inline script that is not its own', () => {
    const policy = html.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)?.[1]
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-/)
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'|https?:|\*/)
  })

  it('is also there as Markdown, with a link to the list of all pages on top', () => {
    const markdown = text(`${path.slice(0, -1) || 'index'}.md`)
    expect(markdown.split('\n')[0]).toContain(`${root}llms.txt`)
    expect(markdown).toMatch(/^# \S/m)
    expect(markdown.replaceAll(/^```[\s\S]*?^```/gm, '')).not.toMatch(/\]\((?!https?:|mailto:|#)/)
    expect(markdown).not.toContain(`${root}/`)
    expect(text('llms.txt')).toContain(`(${root}${path.slice(0, -1) || 'index'}.md)`)
    expect(text('llms-full.txt')).toContain(markdown)
  })

  it.skipIf(repository)('mentions no repository', () => {
    expect(html).not.toMatch(/github\.com/)
  })
})

describe('links', () => {
  it.each(pages)('in /%s lead to files and sections that exist', (path) => expectLinks(path, dist, root))
})

describe('Markdown', () => {
  it.each(model.operations)(
    'of $id has its path, and each example with its response',
    ({ id, path, body, responses }) => {
      const markdown = text(`reference/${id.replaceAll(/(?=[A-Z])/g, '-').toLowerCase()}.md`)
      expect(markdown).toContain(path)
      for (const { summary } of body?.examples ?? []) expect(markdown).toContain(`### ${summary}`)
      for (const { status } of responses.filter(({ status }) => !status.startsWith('2')))
        expect(markdown).toContain(`#status-${status.toLowerCase()})`)
      // The mark of an assumption follows the sentence after a space.
      expect(markdown).toMatch(/\. \(\[assumed\]/)
      for (const label of ['curl', 'TypeScript', 'Python', 'Java']) expect(markdown).toContain(`**${label}**`)
    },
  )

  it('shows the provenance of every claim, and lists it among the assumptions', () => {
    const reference = pages
      .filter((path) => path.startsWith('reference/'))
      .map((path) => text(`${path.slice(0, -1)}.md`))
    const claims = model.marks.filter(({ pointer }) => !pointer.startsWith('#/servers'))
    expect(claims.length).toBeGreaterThan(30)
    const flat = (markdown: string) => markdown.replaceAll(/[^a-z0-9]+/gi, ' ')
    const [shown, listed] = [flat(reference.join(' ')), flat(text('assumptions.md'))]
    for (const { text: claim } of claims) expect(shown).toContain(flat(claim).trim())
    for (const { text: claim } of model.marks) expect(listed).toContain(flat(claim).trim())
    expect(new Set(model.marks.map(({ text }) => slugOf(text))).size).toBe(
      new Set(model.marks.map(({ text }) => text)).size,
    )
  })
})

describe('the server', () => {
  let docs: Awaited<ReturnType<typeof serveDocs>>
  beforeAll(async () => {
    docs = await serveDocs({ port: 0 })
  })
  afterAll(() => docs.close())

  it.each([
    ['reference.md', {}, 200, 'text/markdown; charset=utf-8'],
    ['reference/', { accept: 'text/markdown' }, 200, 'text/markdown; charset=utf-8'],
    ['', { accept: 'text/markdown' }, 200, 'text/markdown; charset=utf-8'],
    ['reference/', {}, 200, 'text/html;charset=utf-8'],
    ['llms.txt', {}, 200, 'text/plain; charset=utf-8'],
    ['robots.txt', {}, 200, 'text/plain; charset=utf-8'],
    ['sitemap-index.xml', {}, 200, 'text/xml'],
    ['no/such/page', {}, 404, 'text/html; charset=utf-8'],
  ])('responds to /%s %o with %d and %s', async (path, headers, status, type) => {
    const response = await fetch(`${docs.url}/${path}`, { headers })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })
})

describe('in a folder of its own', () => {
  let respond: RequestListener = (_, response) => response.end()
  // Otherwise, it could close a connection that is idle on a busy machine, just when the next request is sent on it.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => respond(request, response))
  let parent: string
  let folder: URL
  let url: string

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    parent = await mkdtemp(join(tmpdir(), 'site-'))
    url = `${origin}/some/folder/`
    folder = pathToFileURL(`${parent}/some/folder/`)
    await run('astro', ['build', '--outDir', fileURLToPath(folder)], {
      DOCS_SITE: origin,
      DOCS_BASE: '/some/folder/',
    })
    await cp(new URL('404.html', folder), `${parent}/404.html`)
    respond = await serveFolder(pathToFileURL(`${parent}/`))
  })
  afterAll(async () => {
    server.close()
    server.closeAllConnections()
    await rm(parent, { recursive: true })
  })

  it('has links that lead to files and sections that exist', () => {
    for (const path of listPages(folder)) expectLinks(path, folder, url)
  })

  it('has no URL outside of the folder', async () => {
    for (const path of [...listPages(folder), 'redoc/'])
      expect(htmlOf(path, folder), path).not.toMatch(/(?:src|href)="\/(?!some\/folder\/)/)
    expect(await readFile(new URL('404.html', folder), 'utf8')).not.toMatch(
      /(?:src|href)="\/(?!some\/folder\/)/,
    )
  })

  it('passes the checks for sites that assistants can read', async () => {
    const paths = ['', 'quickstart/', 'reference/update-borrower-phone/', 'reference/errors/', 'assumptions/']
    const { results } = await runChecks(url, {
      samplingStrategy: 'curated',
      curatedPages: paths.map((path) => url + path),
      requestDelay: 0,
      maxLinksToTest: 200,
      // Only a request that hangs reaches it. The default, 15 seconds, is too short for a busy machine.
      requestTimeout: 120_000,
    })
    expect(results.length).toBeGreaterThanOrEqual(28)
    expect(results.filter(({ status }) => status === 'fail' || status === 'error')).toEqual([])
  })
})

function expectLinks(path: string, folder: URL, url: string): void {
  const links = [...htmlOf(path, folder).matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, link = '']) =>
    link.replaceAll('&amp;', '&'),
  )
  for (const link of links) {
    const target = new URL(link, url + path)
    if (!target.href.startsWith(url)) {
      expect(target.origin, `${path} → ${link}`).not.toBe(new URL(url).origin)
      continue
    }
    const file = decodeURI(target.pathname.slice(new URL(url).pathname.length)).replace(
      /(^|\/)$/,
      '$1index.html',
    )
    const html = text(file, folder)
    if (target.hash && !file.startsWith('redoc/'))
      expect(html, `${path} → ${link}`).toContain(` id="${decodeURIComponent(target.hash.slice(1))}"`)
  }
}
