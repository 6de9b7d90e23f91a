/** Tests the corrections to Redoc. After an upgrade of Redoc, these tests show what changed. */
import { readModel } from '@recoveryconnect/spec/model'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guides } from '../guides.ts'
import { redocLinks } from '../redoc-contract.ts'
import { contentSecurityPolicy, serveDocs } from '../serve.ts'
import { launchBrowser, openPage } from './browser.ts'

const { operations } = readModel()
let browser: Browser
let docs: Awaited<ReturnType<typeof serveDocs>>

beforeAll(async () => {
  browser = await launchBrowser()
  docs = await serveDocs({ port: 0 })
})
afterAll(async () => {
  await browser.close()
  await docs.close()
})

it('has a policy that allows no other origins, no inline scripts, and no eval', async () => {
  const sent = (await fetch(`${docs.url}/docs.html`)).headers.get('content-security-policy')
  expect(sent).toContain(contentSecurityPolicy)
  expect(contentSecurityPolicy).toMatch(/default-src 'none'; script-src 'self';/)
  expect(contentSecurityPolicy).not.toMatch(/unsafe-eval|https?:|\*|blob:/)
})

it('sends requests only to its own origin and logs no errors', async () => {
  const { context, page, complaints } = await openPage(browser, `${docs.url}/docs.html`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.mouse.wheel(0, 20_000)
  await page.waitForLoadState('networkidle')
  expect(complaints).toEqual([])
  await context.close()
})

describe('links that open in a new tab', () => {
  const links = new Set<string>()
  /** The sections that the router knows. */
  const sections = new Set<string>()

  beforeAll(async () => {
    const { context, page } = await openPage(browser, `${docs.url}/docs.html`)
    const chapters = guides.map(({ slug }) => redocLinks.guide(slug))
    for (const link of [...chapters, ...operations.map(({ id }) => redocLinks.operation(id))]) {
      await page.evaluate((hash) => location.assign(hash), link)
      await page
        .locator(`[data-section-id="${link.slice(1)}"] h2`)
        .first()
        .waitFor()
      // A long section isn't complete when its heading appears, so the test waits until no new links appear.
      for (let quiet = 0; quiet < 2; await page.waitForTimeout(200)) {
        const known = links.size + sections.size
        for (const href of await page.locator('a[href]').evaluateAll(hrefs)) links.add(href)
        for (const id of await page.locator('[data-section-id]').evaluateAll(sectionIds)) sections.add(id)
        quiet = links.size + sections.size > known ? 0 : quiet + 1
      }
    }
    await context.close()
  })

  it('include every guide and every operation', () => {
    for (const { slug } of guides) expect(links).toContain(redocLinks.guide(slug))
    for (const { id } of operations) expect(links).toContain(redocLinks.operation(id))
  })

  it('lead to sections that exist', () => {
    for (const link of [...links].filter((href) => href.startsWith('#/')))
      expect(sections, link).toContain(link.slice(1).split('#')[0])
  })

  it('show the heading of a guide or an operation', async () => {
    const { context, page } = await openPage(browser, `${docs.url}/docs.html`)
    const chapters = guides.map(({ slug }) => redocLinks.guide(slug))
    for (const link of [...chapters, ...operations.map(({ id }) => redocLinks.operation(id))]) {
      await page.goto('about:blank')
      await page.goto(`${docs.url}/docs.html${link}`)
      await expect
        .poll(() => page.evaluate(headingsInView), { message: link, timeout: 60_000 })
        .toContain(link.split('/').at(-1))
    }
    await context.close()
  })

  it('show a field', async () => {
    const { context, page } = await openPage(browser, `${docs.url}/docs.html`)
    const fields = [...links].filter((href) => href.includes('path='))
    expect(fields.length).toBeGreaterThan(50)
    for (const link of fields.filter((_, index) => index % 30 === 0)) {
      await page.goto('about:blank')
      await page.goto(`${docs.url}/docs.html${link}`)
      const anchor = page.locator(`a[href="${link}"]`)
      await expect
        .poll(() => anchor.evaluate((element) => element.getBoundingClientRect().top), {
          message: link,
          timeout: 60_000,
        })
        .toBeLessThan(700)
    }
    await context.close()
  })

  it('lead to files that exist', async () => {
    const files = [...links].filter((href) => !/^(#|https?:)/.test(href))
    expect(files).toEqual(
      expect.arrayContaining(['index.html', 'try.html', 'reference.html', 'postman.json']),
    )
    for (const file of files) expect((await fetch(`${docs.url}/${file}`)).status, file).toBe(200)
  })
})

it.each([
  ['Regulation F', 'Know what the records'],
  ['idempotency', 'Create Borrower Phone'],
])('finds "%s" in "%s"', async (words, title) => {
  const { context, page } = await openPage(browser, `${docs.url}/docs.html`)
  await page.locator('[data-testid="search-trigger"]').click()
  await page.keyboard.type(words)
  await page.locator('[data-component-name^="Search"]', { hasText: title }).first().waitFor()
  await context.close()
})

it('has no links in its HTML to paths that only its router knows', async () => {
  const html = await (await fetch(`${docs.url}/docs.html`)).text()
  const links = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href = '']) => href)
  expect(links.filter((href) => href.startsWith('#/')).length).toBeGreaterThan(1)
  expect(links.filter((href) => href.startsWith('/'))).toEqual([])
})

function sectionIds(elements: Element[]): string[] {
  return elements.map((element) => element.getAttribute('data-section-id') ?? '')
}

function hrefs(anchors: Element[]): string[] {
  return anchors.map((anchor) => anchor.getAttribute('href') ?? '')
}

/** Returns the headings in the upper half of the screen, in the form that links use: operations as ids. */
function headingsInView(): string[] {
  const headings = [...document.querySelectorAll('h1, h2, h3')].filter((heading) => {
    const { top } = heading.getBoundingClientRect()
    return top >= 0 && top < innerHeight / 2
  })
  return headings.flatMap((heading) => [
    (heading.textContent ?? '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, ''),
    heading.closest('[data-section-id]')?.getAttribute('data-section-id')?.split('/').at(-1) ?? '',
  ])
}
