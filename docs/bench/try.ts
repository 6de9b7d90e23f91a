/** Measures how long a reader of the panel waits between Run and the response. */
import { serveDocs } from '../serve.ts'
import { launchBrowser, openPage } from '../test/browser.ts'

const clicks = 50
const docs = await serveDocs({ port: 0 })
const browser = await launchBrowser()
const { page } = await openPage(browser, `${docs.url}/reference/create-borrower-phone/`)

const times = await page.evaluate(async (count) => {
  const status = document.querySelector('try-panel [role=status]')
  const form = document.querySelector<HTMLFormElement>('try-panel form')
  const waits: number[] = []
  for (let click = 0; click < count; click++) {
    const shown = new Promise((resolve) => {
      const observer = new MutationObserver(() => resolve(observer.disconnect()))
      if (status) observer.observe(status, { childList: true })
    })
    const start = performance.now()
    form?.requestSubmit()
    await shown
    await new Promise(requestAnimationFrame)
    waits.push(performance.now() - start)
  }
  return waits.sort((a, b) => a - b)
}, clicks)
const at = (part: number) => `${(times[Math.floor((times.length - 1) * part)] ?? 0).toFixed(1)} ms`
console.log(
  `run to response, ${clicks} creates: median ${at(0.5)}, 95 % ${at(0.95)}, worst ${at(1)} (goal: 50 ms)`,
)

await browser.close()
await docs.close()
