/** Checks every page on a desktop and a phone, in light and dark: accessibility, overflow, and errors. */
import { readModel } from '@recoveryconnect/spec/model'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guides } from '../guides.ts'
import { redocLinks } from '../redoc-contract.ts'
import { serveDocs } from '../serve.ts'
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

const views: { name: string; options: BrowserContextOptions }[] = [1440, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({
    name: `${colorScheme}, ${width} pixels wide`,
    options: { viewport: { width, height: 900 }, colorScheme },
  })),
)

describe.each(views)('$name', ({ options }) => {
  it.each(['index.html', 'try.html', 'reference.html', '404.html'])(
    '%s is accessible and has no errors',
    async (name) => {
      const { page, context, complaints } = await openPage(browser, `${docs.url}/${name}`, options)
      expect(await violations(page)).toEqual([])
      expect(await overflow(page)).toBeLessThanOrEqual(0)
      expect(complaints).toEqual([])
      await context.close()
    },
  )

  it('Redoc is accessible and has no errors, with each guide and each operation open', {
    timeout: 120_000,
  }, async () => {
    const { page, context, complaints } = await openPage(browser, `${docs.url}/docs.html`, options)
    expect(await violations(page)).toEqual([])
    const chapters = guides.map(({ slug }) => redocLinks.guide(slug))
    const calls = operations.map(({ id }) => redocLinks.operation(id))
    for (const link of [...chapters, ...calls]) {
      await page.evaluate((hash) => location.assign(hash), link)
      const section = `[data-section-id="${link.slice(1)}"]`
      await page.locator(section).locator('h2').waitFor()
      expect(await violations(page, section), link).toEqual([])
    }
    expect(complaints).toEqual([])
    await context.close()
  })
})

it('Redoc loads without a layout shift', async () => {
  const { page, context } = await openPage(browser, `${docs.url}/docs.html`)
  await page.getByText('Search', { exact: false }).first().waitFor()
  const shift = await page.evaluate(() => {
    const observer = new PerformanceObserver(() => {})
    observer.observe({ type: 'layout-shift', buffered: true })
    const entries = observer.takeRecords() as (PerformanceEntry & { value: number })[]
    return entries.reduce((sum, { value }) => sum + value, 0)
  })
  expect(shift).toBeLessThanOrEqual(0.05)
  await context.close()
})

it('keeps the choice of light or dark from page to page, including Redoc', async () => {
  const { page, context } = await openPage(browser, `${docs.url}/index.html`, { colorScheme: 'light' })
  await page.getByRole('button', { name: 'Dark' }).click()
  for (const name of ['reference.html', 'docs.html']) {
    await page.goto(`${docs.url}/${name}`)
    expect(await page.evaluate(() => document.documentElement.className)).toContain('dark')
  }
  await context.close()
})

it('shows the 404 page at any depth, with a link to the home page', async () => {
  const { page, context } = await openPage(browser, `${docs.url}/no/such/page`)
  expect((await fetch(`${docs.url}/no/such/page`)).status).toBe(404)
  await page.getByRole('link', { name: 'home page' }).click()
  expect(page.url()).toBe(`${docs.url}/index.html`)
  await context.close()
})

async function violations(page: Page, part = 'html'): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const found = await page.evaluate(
    ([part, tags]) => (window as unknown as { axe: typeof axe }).axe.run(part, { runOnly: tags }),
    [part, tags] as const,
  )
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 150)}`))
}

/** Returns how many pixels the page is wider than the screen. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
