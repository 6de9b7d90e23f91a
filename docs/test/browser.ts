/** Launches Chromium from npm, and opens pages that report errors and requests to other origins. */
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium as playwright } from 'playwright-core'

/** Launches Chromium without the arguments from its package, because they turn off security that the tests check. */
export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath() })
}

/**
 * Opens a page in a new context.
 *
 * @returns the page and `complaints`, which grows while the page is open: requests to other origins, failed requests,
 *   console errors and warnings, and uncaught errors.
 */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options)
  const complaints: string[] = []
  const { origin } = new URL(url)
  context.on('request', (request) => {
    const other = new URL(request.url())
    if (other.protocol !== 'data:' && other.origin !== origin)
      complaints.push(`left the origin: ${request.url()}`)
  })
  context.on('requestfailed', (request) =>
    complaints.push(`failed: ${request.method()} ${request.url()} (${request.failure()?.errorText})`),
  )
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`))
  // Only a wait that hangs reaches it.
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  await page.goto(url, { waitUntil: 'load' })
  return { page, context, complaints }
}
