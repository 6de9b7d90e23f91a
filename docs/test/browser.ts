/** A real Chromium, which npm brings, and pages that report what a reader must never meet. */
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium as playwright } from 'playwright-core'

/** Without the package's own arguments: they switch off the security whose effect is tested here. */
export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath() })
}

/**
 * Opens a page in a context of its own.
 *
 * @returns the page and `complaints`, which grows: requests that leave the origin, failed requests, console errors
 *   and warnings, uncaught errors.
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
  context.setDefaultTimeout(5_000)
  const page = await context.newPage()
  await page.goto(url, { waitUntil: 'networkidle' })
  return { page, context, complaints }
}
