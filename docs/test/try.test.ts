/** The page to try it: what a reader does there, and what comes of it. Nothing leaves the page. */
import { fileURLToPath } from 'node:url'
import { startWorkerd } from '@recoveryconnect/sandbox/workerd'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import { operations } from '../contract.ts'
import { dist, serveDocs } from '../serve.ts'
import { launchBrowser, openPage } from './browser.ts'

let browser: Browser
let docs: Awaited<ReturnType<typeof serveDocs>>
let opened: Awaited<ReturnType<typeof openPage>>
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
  docs = await serveDocs({ port: 0 })
})
beforeEach(async () => {
  opened = await openPage(browser, `${docs.url}/try.html`)
  page = opened.page
})
afterEach(async () => {
  expect(opened.complaints).toEqual([])
  await opened.context.close()
})
afterAll(async () => {
  await browser.close()
  await docs.close()
})

it('every operation answers, one after the other, and sends nothing over the network', async () => {
  await page.getByLabel('Retrieve Borrower Phones').waitFor()
  await opened.context.setOffline(true)
  for (const { title } of operations) {
    await choose(title)
    await run()
    expect(await status(), title).toMatch(/^200, in \d/)
  }
})

it('only an operation with a body asks for one', async () => {
  for (const { title, request } of operations) {
    await choose(title)
    expect(await page.getByLabel('Body', { exact: true }).isVisible(), title).toBe(request !== undefined)
  }
})

it('what is created stands in the table, and the calls that follow are about it', async () => {
  expect(await phoneIds()).toEqual(['39317578', '39317579'])
  await choose('Create Borrower Phone')
  await run()
  expect(await phoneIds()).toEqual(['39317578', '39317579', '39317581'])
  await choose('Delete Borrower Phone')
  expect(await page.getByLabel('phone_id').inputValue()).toBe('39317581')
  await run()
  expect(await phoneIds()).toEqual(['39317578', '39317579'])
})

it('the request follows what is typed, as curl and as TypeScript', async () => {
  await choose('Update Borrower Phone')
  await page.getByLabel('phone_id').fill('39317578')
  await page.getByLabel('Body', { exact: true }).fill('{ "no_contact": 1 }')
  expect(await request()).toMatch(
    /--request PUT[\s\S]*--data '\{\s+"no_contact": 1\s+\}'[\s\S]*\/phones\/39317578"/,
  )
  await page.getByRole('button', { name: 'TypeScript' }).click()
  expect(await request()).toMatch(
    /borrowerPhones\.update\(\{.*phone_id: 39317578 \}, \{\s+no_contact: 1,\s+\}\)/,
  )
  await run()
  expect(await answer()).toContain('"no_contact": 1')
})

it.each([
  ['422: A flag is neither 0 nor 1', '422 (validation)', 'The given data was invalid.'],
  ['500: The server failed', '500 (server)', 'Server Error'],
  ['carried out, but the answer is lost', 'connection', 'there was no complete answer'],
])('the failure "%s" comes on demand', async (choice, shown, text) => {
  await choose('Create Borrower Phone')
  await page.getByLabel('What it answers').selectOption({ label: choice })
  await run()
  expect(await status()).toContain(shown)
  expect(await answer()).toContain(text)
})

it('a create whose answer is lost is stored all the same', async () => {
  await choose('Create Borrower Phone')
  await page.getByLabel('What it answers').selectOption({ label: 'carried out, but the answer is lost' })
  await run()
  expect(await phoneIds()).toHaveLength(3)
})

it('a body that is no JSON is not sent, and the reason stands beside it', async () => {
  await choose('Create Borrower Phone')
  await page.getByLabel('Body', { exact: true }).fill('{ "type": 6, }')
  await run()
  expect(await page.locator('#body-problem').textContent()).toContain('This is no JSON')
  expect(await page.getByLabel('Body', { exact: true }).getAttribute('aria-invalid')).toBe('true')
  expect(await status()).toBe('Press Run.')
})

it('an id that is no number is refused in words', async () => {
  await page.getByLabel('order_id').fill('my order')
  await run()
  expect(await status()).toMatch(/^invalid_input/)
  expect(await answer()).toContain('order_id')
})

it('an answer goes with the operation that it was for', async () => {
  await run()
  expect(await status()).toMatch(/^200/)
  await choose('Delete Borrower Phone')
  expect([await status(), await answer()]).toEqual(['Press Run.', ''])
})

it('reset brings the first world back', async () => {
  await choose('Delete Borrower Phone')
  await page.getByLabel('phone_id').fill('39317578')
  await run()
  expect(await phoneIds()).toEqual(['39317579'])
  await page.getByRole('button', { name: 'Reset the world' }).click()
  await expect.poll(phoneIds).toEqual(['39317578', '39317579'])
})

it('a site without a shared sandbox says so, and stays in the page', async () => {
  await page.getByLabel('shared, on this site').click() // `check` would wait for what the page takes back.
  await expect.poll(() => page.getByRole('alert').textContent()).toContain('without a shared sandbox')
  expect(await page.getByLabel('in this page').isChecked()).toBe(true)
  expect(opened.complaints.splice(0)).toEqual([expect.stringMatching(/404/)])
  await run()
  expect(await status()).toMatch(/^200/)
})

it('two readers with one token share a world of the hosted sandbox', async () => {
  const hosted = await startWorkerd({ assets: fileURLToPath(dist) })
  onTestFinished(() => hosted.close())
  const [mine, theirs] = [
    await openPage(browser, `${hosted.url}/try.html`),
    await openPage(browser, `${hosted.url}/try.html`),
  ]
  for (const { page: tab } of [mine, theirs]) {
    page = tab
    await page.getByLabel('shared, on this site').check()
    await page.getByLabel('Token of the shared world').fill('our-team')
    await page.getByLabel('Token of the shared world').blur()
    await choose('Create Borrower Phone')
    await run()
    expect(await status()).toMatch(/^200/)
  }
  await expect.poll(phoneIds).toEqual(['39317578', '39317579', '39317581', '39317582'])
  await page.getByLabel('in this page').check()
  await expect.poll(phoneIds).toEqual(['39317578', '39317579'])
  for (const { complaints, context } of [mine, theirs]) {
    // On a busy machine Chromium calls an answer aborted that was read to its end from a stream, as the client reads.
    expect(
      complaints.filter((complaint) => !/^failed: POST .*\(net::ERR_ABORTED\)$/.test(complaint)),
    ).toEqual([])
    await context.close()
  }
})

it('works by keyboard alone', async () => {
  await page.getByLabel('Retrieve Borrower Phones').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect.poll(status).toMatch(/^200/)
  expect(await phoneIds()).toHaveLength(3)
})

it.each(operations)('try.html#$id opens with the operation chosen', async ({ id, title }) => {
  const tab = await opened.context.newPage()
  await tab.goto(`${docs.url}/try.html#${id}`)
  expect(
    await tab
      .getByLabel(title, { exact: false })
      .and(tab.locator(`[value=${id}]`))
      .isChecked(),
  ).toBe(true)
})

function choose(title: string): Promise<void> {
  const id = operations.find((operation) => operation.title === title)?.id
  return page.locator(`[name=operation][value=${id}]`).check()
}

/** Resolves once the answer, or the reason why there is none, is shown. */
async function run(): Promise<void> {
  await page.getByRole('button', { name: 'Run' }).click()
  await page.locator('body:not([aria-busy=true])').waitFor()
}

async function status(): Promise<string> {
  return (await page.locator('#status').textContent()) ?? ''
}

async function answer(): Promise<string> {
  return (await page.locator('#answer').textContent()) ?? ''
}

async function request(): Promise<string> {
  return (await page.locator('#request').textContent()) ?? ''
}

function phoneIds(): Promise<string[]> {
  return page.locator('#records tr > td:first-child').allTextContents()
}
