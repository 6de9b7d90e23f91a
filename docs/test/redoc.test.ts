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

it('stays on its origin, has no errors, and links each operation to its page', async () => {
  const { context, page, complaints } = await openPage(browser, `${docs.url}/redoc/`)
  for (const { id, summary } of model.operations) {
    const link = page.locator(`a[href="${linkTo.operation(id)}"]`).first()
    await page.getByRole('link', { name: summary }).or(page.getByText(summary)).first().click()
    await link.waitFor()
  }
  expect(complaints).toEqual([])
  await context.close()
})

it('has no samples of code, and no example that clears a do-not-contact flag comes first', async () => {
  const { context, page } = await openPage(browser, `${docs.url}/redoc/`)
  const update = model.operations.find(({ method }) => method === 'PUT')
  await page
    .getByText(update?.summary ?? '')
    .first()
    .click()
  await page.locator(`a[href="${linkTo.operation(update?.id ?? '')}"]`).waitFor()
  const text = await page.locator('body').innerText()
  expect(text).not.toMatch(/urllib|HttpClient|curl --/)
  await context.close()
})

it('says what to do without scripts', async () => {
  const { context, page } = await openPage(browser, `${docs.url}/redoc/`, { javaScriptEnabled: false })
  await page.getByRole('link', { name: 'reference' }).click()
  expect(page.url()).toBe(`${docs.url}/reference/`)
  await context.close()
})
