/** Copies samples in a browser, as a reader does. */
import { readModel } from '@recoveryconnect/spec/model'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { kebab } from '../reference.ts'
import { describeSample, exampleCall } from '../samples/call.ts'
import { languages } from '../samples/languages.ts'
import { serveDocs } from '../serve.ts'
import { launchBrowser } from './browser.ts'

let site: Awaited<ReturnType<typeof serveDocs>>
let browser: Awaited<ReturnType<typeof launchBrowser>>
beforeAll(async () => {
  ;[site, browser] = await Promise.all([serveDocs({ port: 0 }), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await site.close()
})

it.for(readModel().operations)('the copied samples of $id are the programs', async (operation) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.addInitScript(() => {
    Object.assign(globalThis, { copied: [] })
    navigator.clipboard.writeText = async (text) => void (globalThis as any).copied.push(text)
  })
  await page.goto(`${site.url}/reference/${kebab(operation.id)}/`)
  const groups = page.locator('starlight-tabs:not(try-panel *)')
  const count = await groups.count()
  expect(count).toBeGreaterThan(0)
  for (const { label, render } of languages) {
    // The tabs are synchronized.
    await groups.first().getByRole('tab', { name: label, exact: true }).click()
    const panels = groups.getByRole('tabpanel').filter({ visible: true })
    expect(await panels.count()).toBe(count)
    for (let index = 0; index < count; index++) {
      const panel = panels.nth(index)
      await panel.locator('figure').hover()
      await panel.getByRole('button').click()
    }
    const copied: string[] = await page.evaluate(() => (globalThis as any).copied.splice(0))
    const examples = operation.body?.examples.slice(0, count) ?? [undefined]
    expect(copied).toEqual(
      examples.map((one) => render(describeSample(operation, exampleCall(operation, one?.name))).trimEnd()),
    )
  }
  await context.close()
})
