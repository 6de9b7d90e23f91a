/** Checks every page in a browser: accessibility, overflow, layout shift, errors, keyboard, print, and no scripts. */
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { recipeNames } from '../samples/recipes.ts'
import { dist, serveDocs } from '../serve.ts'
import { launchBrowser, openPage } from './browser.ts'
import { listPages } from './dist.ts'

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

// More pages at the same time make each other slow on two cores.
vi.setConfig({ maxConcurrency: 2 })

/** Schemas have pages of one structure, so the longest and a short one are enough. */
const pages = listPages(dist).filter((path) => !/schemas\/(?!(borrower|access-token-response)\/)/.test(path))

/** One page of each kind. */
const kinds = ['', 'guides/errors-and-retries/', 'reference/update-borrower-phone/', 'try/', 'no/such/page']

type Scheme = 'light' | 'dark'

function view(width: number, colorScheme: Scheme): BrowserContextOptions {
  return { viewport: { width, height: 900 }, colorScheme }
}

describe.concurrent('a page is accessible, fits, stays in place, and has no errors', () => {
  it.each([...pages, 'no/such/page'])('/%s', async (path) => {
    for (const options of [view(390, 'light'), view(1440, 'dark')]) {
      const { page, context, complaints } = await openPage(browser, `${docs.url}/${path}`, options)
      expect(await layoutShift(page)).toBeLessThanOrEqual(0.05)
      expect(await overflow(page)).toBeLessThanOrEqual(0)
      expect(await violations(page, ['.expressive-code pre'])).toEqual([])
      expect(complaints.filter((text) => !path.startsWith('no/') || !text.includes('404'))).toEqual([])
      await context.close()
    }
  })
})

describe.concurrent('a page of each kind is accessible and fits at every width, in light and dark', () => {
  it.each(kinds)('/%s', async (path) => {
    const { page, context } = await openPage(browser, `${docs.url}/${path}`)
    for (const width of [320, 390, 768, 1440]) {
      await page.setViewportSize({ width, height: 900 })
      expect(await overflow(page), `${width} pixels`).toBeLessThanOrEqual(0)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.locator(`[data-theme=${colorScheme}]`).waitFor()
        expect(await violations(page), `${width} pixels, ${colorScheme}`).toEqual([])
      }
    }
    await context.close()
  })

  it.each(kinds)('/%s with a zoom of 200 %', async (path) => {
    const options = { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 }
    const { page, context } = await openPage(browser, `${docs.url}/${path}`, options)
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await context.close()
  })
})

/** Opens what covers or changes a page. */
const states: { name: string; path: string; width: number; open: (page: Page) => Promise<void> }[] = [
  {
    name: 'the menu',
    path: 'quickstart/',
    width: 390,
    open: async (page) => {
      await page.getByRole('button', { name: 'Menu' }).click()
      await page.getByRole('link', { name: 'Downloads', exact: true }).waitFor()
    },
  },
  {
    name: 'the contents',
    path: 'reference/update-borrower-phone/',
    width: 390,
    open: (page) => page.locator('mobile-starlight-toc summary').click(),
  },
  { name: 'the search', path: 'quickstart/', width: 390, open: (page) => search(page, 'token') },
  { name: 'the search', path: 'quickstart/', width: 1440, open: (page) => search(page, 'token') },
  {
    name: 'another language',
    path: 'reference/update-borrower-phone/',
    width: 1440,
    open: (page) => page.getByRole('tab', { name: 'Python' }).first().click(),
  },
]

describe.concurrent('a page stays accessible', () => {
  const cases = states.flatMap((state) =>
    (['light', 'dark'] as const).map((scheme) => ({ ...state, scheme })),
  )
  it.each(cases)('with $name open, $width pixels, $scheme', async ({ path, width, scheme, open }) => {
    const { page, context, complaints } = await openPage(browser, `${docs.url}/${path}`, view(width, scheme))
    await open(page)
    expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('the keyboard', () => {
  it('shows what has the focus, and reaches everything', async () => {
    const { page, context } = await openPage(browser, `${docs.url}/reference/update-borrower-phone/`)
    const count = await page
      .locator('a[href]:visible, button:visible, summary:visible, select:visible')
      .count()
    const hidden: string[] = []
    for (let index = 0; index < count; index++) {
      await page.keyboard.press('Tab')
      const problem = await page.evaluate(async () => {
        const element = document.activeElement as HTMLElement
        await Promise.all(element.getAnimations().map(({ finished }) => finished))
        const { outlineStyle, boxShadow, opacity } = getComputedStyle(element)
        const { width, height } = element.getBoundingClientRect()
        const isShown =
          (outlineStyle !== 'none' || boxShadow !== 'none') && opacity !== '0' && width * height > 1
        return isShown || element === document.body ? undefined : element.outerHTML.slice(0, 150)
      })
      if (problem) hidden.push(problem)
    }
    expect(hidden).toEqual([])
    await context.close()
  })

  it.each(recipeNames)(
    'leads from the start page to the recipe %s, and to its program in PHP',
    async (name) => {
      const { page, context } = await openPage(browser, `${docs.url}/`)
      await pressTabUntil(page, `main a[href$="recipes/${name}/"]`)
      await page.keyboard.press('Enter')
      await page.waitForURL(`**/recipes/${name}/`)
      await pressTabUntil(page, 'starlight-tabs [role=tab]')
      const label = (await page.getByRole('tab', { name: 'PHP', exact: true }).count()) ? 'PHP' : 'PowerShell'
      for (const _ of await page.getByRole('tab').all()) {
        if ((await page.locator(':focus').textContent())?.trim() === label) break
        await page.keyboard.press('ArrowRight')
      }
      const program = page.getByRole('tabpanel', { name: label }).locator('pre').first()
      expect(await program.isVisible()).toBe(true)
      expect(await program.textContent()).toMatch(label === 'PHP' ? /<\?php|php / : /\$env:RECOVERYCONNECT/)
      await context.close()
    },
  )

  it('opens the search and the page that it finds', async () => {
    const { page, context } = await openPage(browser, `${docs.url}/quickstart/`)
    await page.locator('.pagefind-ui__search-input').waitFor({ state: 'attached' })
    await page.keyboard.press('Control+k')
    await page.keyboard.type('Update Borrower Phone')
    await page.locator('.pagefind-ui__result-link').first().waitFor()
    await page.keyboard.press('Tab')
    const focused = () => page.evaluate(() => document.activeElement?.className ?? '')
    while (!(await focused()).includes('result-link')) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/reference/update-borrower-phone/**')
    await context.close()
  })
})

describe.concurrent('the search', () => {
  it.each([
    ['no_contact', /phone|numbers|flags|contact/i],
    ['do not call', /do-not-contact/i],
    ['sdk', /download/i],
    ['install', /download|quickstart/i],
    ['php', /manage the phone numbers|download|quickstart/i],
    ['csharp', /download/i],
    ['credentials', /token|auth|credentials/i],
    ['timeout', /error|retr|fault|lost|client/i],
    ['pagination', /list|numbers/i],
    ['duplicate', /create|duplicate|phone records/i],
    ['422', /error|create/i],
    ['Retry-After', /error|retr/i],
  ])('finds a sensible page for "%s"', async (words, title) => {
    const { page, context } = await openPage(browser, `${docs.url}/quickstart/`)
    await search(page, words)
    expect(await page.locator('.pagefind-ui__result-link').first().textContent()).toMatch(title)
    await context.close()
  })
})

it('prints every language of a sample, with its name', async () => {
  const { page, context } = await openPage(browser, `${docs.url}/reference/update-borrower-phone/`)
  await page.emulateMedia({ media: 'print' })
  await expectAllPanels(page)
  expect(await page.getByRole('navigation').filter({ visible: true }).count()).toBe(0)
  await context.close()
})

describe('without scripts', () => {
  it('shows every language of a sample, with its name', async () => {
    const options = { javaScriptEnabled: false }
    const { page, context } = await openPage(browser, `${docs.url}/reference/update-borrower-phone/`, options)
    await expectAllPanels(page)
    await context.close()
  })
})

async function expectAllPanels(page: Page): Promise<void> {
  const panels = page.locator('starlight-tabs [role=tabpanel]')
  expect(await panels.count()).toBeGreaterThan(7)
  for (const panel of await panels.all()) {
    expect(await panel.isVisible()).toBe(true)
    const label = await panel.evaluate((element) => getComputedStyle(element, '::before').content)
    expect(label).toBe(JSON.stringify(await panel.getAttribute('data-label')))
  }
}

async function pressTabUntil(page: Page, selector: string): Promise<void> {
  const count = await page.locator('a[href], button, input, select, summary, [tabindex="0"]').count()
  for (let presses = 0; presses <= count; presses++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
  }
  throw new Error(`The keyboard doesn't reach ${selector}.`)
}

async function search(page: Page, words: string): Promise<void> {
  await page.getByRole('button', { name: 'Search' }).click()
  await page.locator('.pagefind-ui__search-input').fill(words)
  await page.locator('.pagefind-ui__results:not(:has(.pagefind-ui__loading))').waitFor()
}

/** @param exclude selectors. To check the colors of every word in every sample takes minutes. */
async function violations(page: Page, exclude: string[] = []): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = await page.evaluate(
    (exclude) =>
      (window as unknown as { axe: typeof axe }).axe.run(
        { exclude },
        {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'],
          rules: { 'label-content-name-mismatch': { enabled: true } },
          resultTypes: ['violations'],
        },
      ),
    exclude,
  )
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 150)}`))
}

/** Returns how many pixels the page is wider than the screen. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

async function layoutShift(page: Page): Promise<number> {
  return page.evaluate(() => {
    const observer = new PerformanceObserver(() => {})
    observer.observe({ type: 'layout-shift', buffered: true })
    const entries = observer.takeRecords() as (PerformanceEntry & { value: number })[]
    return entries.reduce((sum, { value }) => sum + value, 0)
  })
}
