/** Tests the try page as readers use it. */
import { fileURLToPath } from 'node:url'
import { startWorkerd } from '@recoveryconnect/sandbox/workerd'
import { examplePath, type Json, type Operation, readModel } from '@recoveryconnect/spec/model'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import { dist, serveDocs } from '../serve.ts'
import { launchBrowser, openPage } from './browser.ts'

const { operations, resources } = readModel()
/** A resource that readers can list, create, update, and delete. */
const resource = resources.find(
  ({ byVerb }) => byVerb.list && byVerb.create && byVerb.update && byVerb.delete,
)
if (!resource?.recordId) throw new Error('No resource has every operation that the tests use.')
const { recordId } = resource
const { list, create, update, delete: remove } = resource.byVerb as Record<string, Operation>
if (!list || !create || !update || !remove) throw new Error('An operation is missing.')
const initialStatus = 'Select Run to send the request.'

let browser: Browser
let docs: Awaited<ReturnType<typeof serveDocs>>
let opened: Awaited<ReturnType<typeof openPage>>
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
  docs = await serveDocs({ port: 0 })
})
beforeEach(async () => {
  opened = await openPage(browser, `${docs.url}/try.html#${list.id}`)
  page = opened.page
  await idle()
  expect(await recordIds()).not.toEqual([])
})
afterEach(async () => {
  expect(opened.complaints).toEqual([])
  await opened.context.close()
})
afterAll(async () => {
  await browser.close()
  await docs.close()
})

it('runs every operation, one after the other, without the network', async () => {
  await opened.context.setOffline(true)
  for (const operation of operations) {
    await select(operation)
    await run()
    expect(await status(), operation.id).toMatch(/^200, in \d/)
  }
})

it('shows a body only for operations that have one', async () => {
  for (const operation of operations) {
    await select(operation)
    expect(await bodyField().isVisible(), operation.id).toBe(operation.body !== undefined)
  }
})

it('lists a created record and uses its id in the next requests', async () => {
  const before = await recordIds()
  await select(create)
  await run()
  const [created = '', ...others] = (await recordIds()).filter((id) => !before.includes(id))
  expect(others).toEqual([])
  await select(remove)
  expect(await page.getByLabel(recordId).inputValue()).toBe(created)
  await run()
  expect(await recordIds()).toEqual(before)
})

it('updates the request in curl and TypeScript while the reader types', async () => {
  const [id = ''] = await recordIds()
  const [field, value] = Object.entries(update.body?.examples[0]?.value as Record<string, Json>).find(
    ([, value]) => typeof value === 'number',
  ) ?? ['', 0]
  await select(update)
  await page.getByLabel(recordId).fill(id)
  await bodyField().fill(JSON.stringify({ [field]: value }))
  const curl = await request()
  expect(curl).toContain(`--request ${update.method}`)
  expect(curl).toContain(`"${field}": ${value}`)
  expect(curl).toMatch(new RegExp(`/${id}"`))
  await page.getByRole('button', { name: 'TypeScript' }).click()
  const typescript = await request()
  expect(typescript).toContain(`rc.${resource.name}.update({`)
  expect(typescript).toContain(`${recordId}: ${id} }`)
  expect(typescript).toContain(`  ${field}: ${value},`)
  await run()
  expect(await response()).toContain(`"${field}": ${value}`)
})

const errors = create.responses
  .flatMap(({ examples }) => examples)
  .filter(({ status }) => status === 422 || status === 500)

it.each([
  ...errors.map(({ status, summary, value }) => ({
    label: `${status}: ${summary}`,
    shown: `${status} (${status === 422 ? 'validation' : 'server'})`,
    text: (value as { message: string }).message,
  })),
  { label: 'Request processed, response lost', shown: 'connection', text: '' },
])('shows the outcome "$label" when the reader selects it', async ({ label, shown, text }) => {
  await select(create)
  await page.getByLabel('Outcome').selectOption({ label })
  await run()
  expect(await status()).toContain(shown)
  expect(await response()).not.toBe('')
  expect(await response()).toContain(text)
})

it('stores a create whose response is lost', async () => {
  const before = await recordIds()
  await select(create)
  await page.getByLabel('Outcome').selectOption('lost')
  await run()
  expect(await recordIds()).toHaveLength(before.length + 1)
})

it("doesn't send a body that isn't valid JSON, and shows why", async () => {
  await select(create)
  await bodyField().fill('{ "type": 6, }')
  await run()
  expect(await page.locator('#body-problem').textContent()).toContain('JSON')
  expect(await bodyField().getAttribute('aria-invalid')).toBe('true')
  expect(await status()).toBe(initialStatus)
})

it("shows an error for an id that isn't a number", async () => {
  const name = list.parameters[0]?.name ?? ''
  await page.getByLabel(name).fill('my order')
  await run()
  expect(await status()).toMatch(/^invalid_input/)
  expect(await response()).toContain(name)
})

it('clears the response when the reader selects another operation', async () => {
  await run()
  expect(await status()).toMatch(/^200/)
  await select(remove)
  expect([await status(), await response()]).toEqual([initialStatus, ''])
})

it('restores the original records on reset', async () => {
  const before = await recordIds()
  await select(remove)
  await page.getByLabel(recordId).fill(before[0] ?? '')
  await run()
  expect(await recordIds()).toEqual(before.slice(1))
  await page.getByRole('button', { name: 'Reset the sandbox' }).click()
  await idle()
  expect(await recordIds()).toEqual(before)
})

it('keeps using the sandbox in the page if the site has no shared sandbox, and shows why', async () => {
  await page.getByLabel('Shared, with this token').click() // `check` would fail, because the page reverts the choice.
  await idle()
  expect(await page.getByRole('alert').textContent()).toContain('no shared sandbox')
  expect(await page.getByLabel('In your browser').isChecked()).toBe(true)
  expect(opened.complaints.splice(0)).toEqual([expect.stringMatching(/404/)])
  await run()
  expect(await status()).toMatch(/^200/)
})

it('shows the same records to two readers who use the same token for the shared sandbox', async () => {
  const before = await recordIds()
  const hosted = await startWorkerd({ assets: fileURLToPath(dist) })
  onTestFinished(() => hosted.close())
  const [mine, theirs] = [
    await openPage(browser, `${hosted.url}/try.html`),
    await openPage(browser, `${hosted.url}/try.html`),
  ]
  for (const { page: tab } of [mine, theirs]) {
    page = tab
    await page.getByLabel('Shared, with this token').check()
    await page.getByLabel('Token for the shared sandbox').fill('our-team')
    await page.getByLabel('Token for the shared sandbox').blur()
    await select(create)
    await run()
    expect(await status()).toMatch(/^200/)
  }
  expect(await recordIds()).toHaveLength(before.length + 2)
  await page.getByLabel('In your browser').check()
  await idle()
  expect(await recordIds()).toEqual(before)
  for (const { complaints, context } of [mine, theirs]) {
    // On a busy machine, Chromium reports a response as aborted although the client has read all of it.
    expect(
      complaints.filter((complaint) => !/^failed: POST .*\(net::ERR_ABORTED\)$/.test(complaint)),
    ).toEqual([])
    await context.close()
  }
})

it('sends a request to the sandbox that was selected before, even if connecting to it takes longer', async () => {
  const before = await recordIds()
  const hosted = await startWorkerd({ assets: fileURLToPath(dist) })
  onTestFinished(() => hosted.close())
  const slow = await openPage(browser, `${hosted.url}/try.html`)
  page = slow.page
  const clicked = Promise.withResolvers<void>()
  await page.route('**/__sandbox/health', async (route) => {
    await clicked.promise
    await route.continue()
  })
  await select(create)
  await page.getByLabel('Shared, with this token').check()
  await page.getByRole('button', { name: 'Run' }).click()
  clicked.resolve()
  await idle()
  expect(await recordIds()).toHaveLength(before.length + 1)
  await page.getByLabel('In your browser').check()
  await idle()
  expect(await recordIds()).toEqual(before)
  await slow.context.close()
})

it('works with only a keyboard', async () => {
  const before = await recordIds()
  // From the last radio button, the arrow key leads to the first.
  const previous = operations.at(operations.findIndex(({ id }) => id === create.id) - 1)
  await page.locator(`[name=operation][value=${previous?.id}]`).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await idle()
  expect(await status()).toMatch(/^200/)
  expect(await recordIds()).toHaveLength(before.length + 1)
})

it.each(operations)(
  'selects $id when try.html#$id opens, and its first request succeeds',
  async (operation) => {
    await open(operation)
    const choice = page.locator(`[name=operation][value=${operation.id}]`)
    expect(await choice.and(page.getByLabel(operation.summary)).isChecked()).toBe(true)
    expect(await request()).toContain(examplePath(operation))
    await run()
    expect(await status()).toMatch(/^200/)
  },
)

it.each(operations.filter(({ verb }) => verb === 'update'))(
  "doesn't clear a do-not-contact flag with the first request of $id",
  async (operation) => {
    await open(operation)
    expect(await request()).not.toMatch(/no_contact"?: 0/)
    expect(await bodyField().inputValue()).not.toMatch(/"no_contact": 0/)
  },
)

const lists = resources.flatMap(({ byVerb }) => byVerb.list ?? [])

it('fills in the example ids of each list, and shows its records', async () => {
  for (const operation of [...lists, ...lists.toReversed()]) {
    await select(operation)
    await idle()
    expect(await page.locator('#records-title').textContent()).toBe(operation.tag)
    for (const { name, example } of operation.parameters)
      expect(await page.getByLabel(name).inputValue(), operation.id).toBe(String(example))
    const example = operation.responses[0]?.examples[0]?.value as { data: { id: number }[] } | undefined
    const documented = example?.data.map(({ id }) => String(id))
    expect(await recordIds(), operation.id).toEqual(expect.arrayContaining(documented ?? ['an example']))
  }
})

it('keeps all ids when the reader types one and selects another operation', async () => {
  const ids = Object.fromEntries(list.parameters.map(({ name, example }) => [name, String(example)]))
  const last = list.parameters.at(-1)?.name ?? ''
  ids[last] = '7001'
  await page.getByLabel(last).fill('7001')
  for (const operation of operations) {
    await select(operation)
    for (const { name } of operation.parameters.filter(({ name }) => name in ids))
      expect(await page.getByLabel(name).inputValue(), operation.id).toBe(ids[name])
  }
  await page.getByRole('button', { name: 'Reset the sandbox' }).click()
  await select(list)
  await idle()
  expect(await request()).toContain(examplePath(list))
})

it('keeps the id of a created record while the reader looks at another list', async () => {
  const before = await recordIds()
  await select(create)
  await run()
  const created = (await recordIds()).find((id) => !before.includes(id))
  for (const operation of lists) await select(operation)
  await select(update)
  expect(await page.getByLabel(recordId).inputValue()).toBe(created)
  await run()
  expect(await status()).toMatch(/^200/)
})

async function open({ id }: Operation): Promise<void> {
  await page.goto('about:blank')
  await page.goto(`${docs.url}/try.html#${id}`)
  await idle()
}

function select({ id }: Operation): Promise<void> {
  return page.locator(`[name=operation][value=${id}]`).check()
}

/** Resolves when the page shows the response or an error. */
async function run(): Promise<void> {
  await page.getByRole('button', { name: 'Run' }).click()
  await idle()
}

/** Resolves when everything that the test started in the page is done. */
function idle(): Promise<void> {
  return page.locator('body[aria-busy=false]').waitFor()
}

function bodyField() {
  return page.getByLabel('Body', { exact: true })
}

async function status(): Promise<string> {
  return (await page.locator('#status').textContent()) ?? ''
}

async function response(): Promise<string> {
  return (await page.locator('#response').textContent()) ?? ''
}

async function request(): Promise<string> {
  return (await page.locator('#request').textContent()) ?? ''
}

function recordIds(): Promise<string[]> {
  return page.locator('#records tr > td:first-child:not([colspan])').allTextContents()
}
