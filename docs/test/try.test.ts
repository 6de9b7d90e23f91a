/** Tests the panels that run operations in the page, as readers use them. */
import { gzipSync } from 'node:zlib'
import { examplePath, findOperation, type Json, type Operation } from '@recoveryconnect/spec/model'
import type { Browser, Locator, Page, Response } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { kebab, linkTo, model } from '../reference.ts'
import { serveDocs } from '../serve.ts'
import { launchBrowser, openPage } from './browser.ts'

const { operations } = model
const [list, create, update, remove] = ['list', 'create', 'update', 'delete'].map((verb) =>
  findOperation(model, `${verb}BorrowerPhone${verb === 'list' ? 's' : ''}`),
) as [Operation, Operation, Operation, Operation]

let browser: Browser
let docs: Awaited<ReturnType<typeof serveDocs>>
let opened: Awaited<ReturnType<typeof openPage>>
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
  docs = await serveDocs({ port: 0 })
})
afterEach(async () => {
  expect(opened.complaints).toEqual([])
  await opened.context.close()
})
afterAll(async () => {
  await browser.close()
  await docs.close()
})

describe('the page with every operation', () => {
  beforeEach(() => visit('/try/'))

  it('runs every operation, one after the other, without the network', async () => {
    await select(list)
    await run(list)
    await opened.context.setOffline(true)
    for (const operation of operations) {
      await select(operation)
      await run(operation)
      expect(await status(operation), operation.id).toMatch(/^200, in \d/)
    }
  })

  it('lists a created record and uses its ids in the next requests', async () => {
    const before = await recordIds()
    await select(create)
    await run(create)
    const [created = '', ...others] = (await recordIds()).filter((id) => !before.includes(id))
    expect(others).toEqual([])
    await select(remove)
    expect(await panel(remove).getByLabel('phone_id').inputValue()).toBe(created)
    await run(remove)
    expect(await recordIds()).toEqual(before)
  })

  it('stores a create whose response is lost', async () => {
    const before = await recordIds()
    await select(create)
    await panel(create).getByLabel('Outcome').selectOption('lost')
    await run(create)
    expect(await status(create)).toMatch(/^\(connection\)/)
    expect(await recordIds()).toHaveLength(before.length + 1)
  })

  it('restores the original records on reset', async () => {
    const before = await recordIds()
    await select(remove)
    await run(remove)
    expect(await recordIds()).not.toEqual(before)
    await select(remove)
    await panel(remove).getByRole('button', { name: 'Reset the sandbox' }).click()
    await idle(remove)
    expect(await recordIds()).toEqual(before)
  })

  it('has records for each token', async () => {
    const before = await recordIds()
    await select(remove)
    await run(remove)
    expect(await recordIds()).not.toEqual(before)
    await panel(list).getByLabel('Token', { exact: true }).fill('another')
    expect(await recordIds()).toEqual(before)
  })

  it('shows the operation that the URL names', async () => {
    await page.goto(`${docs.url}/try/#${kebab(update.id)}`)
    await panel(update).waitFor({ state: 'visible' })
    expect(await panel(list).isVisible()).toBe(false)
  })

  it('works with only a keyboard', async () => {
    await choice(create).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(
      await panel(create)
        .getByLabel('Token', { exact: true })
        .evaluate((field) => field === document.activeElement),
    ).toBe(true)
    await page.keyboard.press('Enter')
    await idle(create)
    expect(await status(create)).toMatch(/^200/)
  })
})

it('the panel loads at most 80 KB, with gzip, and only when a reader uses it', async () => {
  await open(create)
  const responses: Response[] = []
  page.on('response', (response) => responses.push(response))
  await run(create)
  const bodies = await Promise.all(responses.map((response) => response.body()))
  const kilobytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) / 1000
  expect(kilobytes).toBeGreaterThan(10)
  expect(kilobytes).toBeLessThanOrEqual(80)
})

describe('the panel of an operation', () => {
  it.each(operations)('of $id starts with a request that succeeds', async (operation) => {
    await open(operation)
    expect(await request(operation, 'curl')).toContain(examplePath(operation))
    await run(operation)
    expect(await status(operation)).toMatch(/^200/)
  })

  it('shows the request in the language that the reader chose, while the reader types', async () => {
    await open(update)
    await page.getByRole('tab', { name: 'TypeScript' }).first().click()
    await panel(update).getByLabel('phone_id').fill('7001')
    await panel(update).getByLabel('Body').fill('{ "type": 2 }')
    await idle(update)
    const shown = await panel(update).getByRole('tabpanel').locator('code').textContent()
    expect(shown).toContain('phone_id: 7001')
    expect(shown).toContain('type: 2')
    expect(await request(update, 'curl')).toContain('/phones/7001"')
  })

  it.each(update.body?.examples ?? [])(
    'copies the request of the example $name',
    async ({ summary, value }) => {
      await open(update)
      await panel(update).getByLabel('Example').selectOption({ label: summary })
      await idle(update)
      await panel(update).getByRole('button', { name: 'Copy' }).first().click()
      await panel(update).getByRole('button', { name: 'Copied' }).waitFor()
      const copied = await page.evaluate(() => navigator.clipboard.readText())
      const sent = JSON.parse(/--data '([^']*)'/.exec(copied)?.[1] ?? '{}')
      expect(sent).toEqual(value)
    },
  )

  it("doesn't lift a do-not-contact with its first request", async () => {
    await open(update)
    expect(JSON.parse(await panel(update).getByLabel('Body').inputValue())).toMatchObject({
      no_contact: 1,
    })
  })

  const errors = create.responses.flatMap(({ status, examples }) =>
    examples
      .filter((example) => (example.status ?? 0) >= 400)
      .map((example) => ({ range: status, ...example })),
  )

  it.each(errors)(
    'shows a $status ($name) and links to its page',
    async ({ status: code, summary, value, range }) => {
      await open(create)
      await panel(create)
        .getByLabel('Outcome')
        .selectOption({ label: `${code}: ${summary}` })
      await run(create)
      expect(await status(create)).toMatch(new RegExp(`^${code} \\(`))
      expect(await response(create)).toContain((value as { message: Json }).message)
      const own = `${linkTo.operation(create.id)}#status-${range}`
      expect([linkTo.status(range), own]).toContain(
        await panel(create).getByRole('link', { name: 'What to do' }).getAttribute('href'),
      )
    },
  )

  it("doesn't send a body that isn't valid JSON, and shows why", async () => {
    await open(create)
    const initial = await status(create)
    await panel(create).getByLabel('Body').fill('{ "type": 6, }')
    await panel(create).getByRole('button', { name: 'Run' }).click()
    expect(await panel(create).getByRole('alert').textContent()).toContain('JSON')
    expect(await panel(create).getByLabel('Body').getAttribute('aria-invalid')).toBe('true')
    expect(await status(create)).toBe(initial)
  })

  it.each([
    { field: 'order_id', value: 'my order' },
    { field: 'Token', value: 'my token' },
  ])('shows the error of the client for an invalid $field', async ({ field, value }) => {
    await open(list)
    await panel(list).getByLabel(field, { exact: true }).fill(value)
    await run(list)
    expect(await status(list)).toMatch(/^\(invalid_input\)/)
    expect(await response(list)).toContain(field.toLowerCase())
  })
})

async function visit(path: string): Promise<void> {
  opened = await openPage(browser, docs.url + path, { permissions: ['clipboard-read', 'clipboard-write'] })
  page = opened.page
}

function open({ id }: Operation): Promise<void> {
  return visit(linkTo.operation(id))
}

function panel({ id }: Operation): Locator {
  return page.locator(`try-panel[data-operation=${id}]`)
}

function choice(operation: Operation): Locator {
  return page.locator('details', { has: panel(operation) }).locator('summary')
}

async function select(operation: Operation): Promise<void> {
  if (!(await panel(operation).isVisible())) await choice(operation).click()
  await panel(operation).waitFor({ state: 'visible' })
}

/** Resolves when the panel shows the response or an error. */
async function run(operation: Operation): Promise<void> {
  await panel(operation).getByRole('button', { name: 'Run' }).click()
  await idle(operation)
}

/** Resolves when everything that the test started in the page is done. */
function idle({ id }: Operation): Promise<void> {
  return page.locator(`try-panel[data-operation=${id}][aria-busy=false]`).waitFor()
}

async function status(operation: Operation): Promise<string> {
  return (await panel(operation).getByRole('status').textContent()) ?? ''
}

async function response(operation: Operation): Promise<string> {
  return (await panel(operation).locator('.response').textContent()) ?? ''
}

async function request(operation: Operation, language: string): Promise<string> {
  return (await panel(operation).locator(`[data-language=${language}]`).textContent()) ?? ''
}

/** Runs the list. */
async function recordIds(): Promise<string[]> {
  await select(list)
  await run(list)
  const { data } = JSON.parse(await response(list)) as { data: { id: number }[] }
  return data.map(({ id }) => String(id))
}
