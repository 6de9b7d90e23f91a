/** What Redoc gets wrong by itself, and the site mends: an upgrade shows here what changed. */
import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contentSecurityPolicy, serveDocs } from '../serve.ts'
import { launchBrowser, openPage } from './browser.ts'

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

interface Operation {
  operationId: string
  summary: string
  tags: string[]
}

const operations = Object.values(contract.paths)
  .flatMap((item) => Object.values(item))
  .filter((operation): operation is Operation => 'operationId' in operation)

it('the policy lets no page load from elsewhere, run text as code or carry scripts inside', async () => {
  const sent = (await fetch(`${docs.url}/docs.html`)).headers.get('content-security-policy')
  expect(sent).toContain(contentSecurityPolicy)
  expect(contentSecurityPolicy).toMatch(/default-src 'none'; script-src 'self';/)
  expect(contentSecurityPolicy).not.toMatch(/unsafe-eval|https?:|\*|blob:/)
})

it('the page asks nobody but its own origin and logs no error', async () => {
  const { context, page, complaints } = await openPage(browser, `${docs.url}/docs.html`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.mouse.wheel(0, 20_000)
  await page.waitForLoadState('networkidle')
  expect(complaints).toEqual([])
  await context.close()
})

it.each(operations)(
  'the link to $operationId in the menu opens it in a new tab',
  async ({ summary, tags }) => {
    const { context, page, complaints } = await openPage(browser, `${docs.url}/docs.html`)
    const menu = page.locator('[data-component-name="Menu/Menu"]')
    await menu.getByText(tags[0] ?? '', { exact: true }).click()
    const link = menu.locator('a', { has: page.getByText(summary, { exact: true }) })
    const tab = await context.newPage()
    await tab.goto(await link.evaluate((element: HTMLAnchorElement) => element.href), {
      waitUntil: 'networkidle',
    })
    const heading = tab.locator('h2', { hasText: new RegExp(`^${summary}$`) })
    await heading.waitFor()
    expect(await heading.evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(300)
    expect(complaints).toEqual([])
    await context.close()
  },
)

it('no link of the page as it is delivered leads to a path that only the router knows', async () => {
  const html = await (await fetch(`${docs.url}/docs.html`)).text()
  const links = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href = '']) => href)
  expect(links.filter((href) => href.startsWith('#/')).length).toBeGreaterThan(1)
  expect(links.filter((href) => href.startsWith('/'))).toEqual([])
})
