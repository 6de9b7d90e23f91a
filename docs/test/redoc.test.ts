/** Tests the Redoc page. After an upgrade of Redoc, these tests show what changed. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkTo, model } from '../reference.ts'
import { serveDocs } from '../serve.ts'
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

it('stays on its origin, has no errors, and links each operation to its page instead of samples of code', async () => {
  const { context, page, complaints } = await openPage(browser, `${docs.url}/redoc/`)
  for (const { slug, operations } of model.resources)
    for (const { id } of operations) {
      await page.evaluate((hash) => location.assign(hash), `#/${slug}/${id.toLowerCase()}`)
      await page.locator(`a[href="..${linkTo.operation(id)}"]`).waitFor()
      const samples = page.getByText(/urllib|HttpClient|curl --/).filter({ visible: true })
      expect(await samples.count(), id).toBe(0)
    }
  expect(complaints).toEqual([])
  await context.close()
})

it('shows first the example that sets a do-not-contact flag', async () => {
  const { context, page } = await openPage(browser, `${docs.url}/redoc/#/borrower-phones/updateborrowerphone`)
  await page.getByText('{ "no_contact": 1 }').waitFor()
  await context.close()
})

it('has no links to paths that only its router knows', async () => {
  const html = await (await fetch(`${docs.url}/redoc/`)).text()
  expect(html).toMatch(/<a [^>]*href="#\/borrowers"/)
  expect(html).not.toMatch(/<a [^>]*href="\//)
})

it('says what to do without scripts', async () => {
  const { context, page } = await openPage(browser, `${docs.url}/redoc/`, { javaScriptEnabled: false })
  await page.getByRole('link', { name: 'reference' }).click()
  expect(page.url()).toBe(`${docs.url}/reference/`)
  await context.close()
})
