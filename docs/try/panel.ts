/** The panel that runs an operation in the page. `Try.astro` renders it; this module makes it work. */
import type { Call } from '../samples.ts'

/** Contains the sandbox and the client, so it's loaded when the reader first uses a panel. */
const load = () => import('./run.ts')

/** Settles when everything that the reader has started so far is done, so that requests arrive in their order. */
let work: Promise<unknown> = Promise.resolve()

class TryPanel extends HTMLElement {
  readonly #form = this.#find('form', HTMLFormElement)
  readonly #fields = this.#form.elements
  readonly #operation = this.dataset.operation ?? ''

  connectedCallback(): void {
    this.addEventListener('focusin', load, { once: true })
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#run()
    })
    this.#form.addEventListener('input', ({ target }) => {
      if (target === this.#field('example')) this.#fillBody()
      if (target instanceof HTMLInputElement && target.closest('.ids')) shareIds(this.#readIds())
      else this.#showRequest()
    })
    this.#find('.reset', HTMLButtonElement).addEventListener('click', () => this.#reset())
    for (const button of this.querySelectorAll<HTMLButtonElement>('.copy'))
      button.addEventListener('click', () => copyText(button))
  }

  /** Fills in the ids that the panel has. */
  useIds(ids: Record<string, string>): void {
    for (const [name, value] of Object.entries(ids)) {
      const field = this.#field(name)
      if (field) field.value = value
    }
    this.#showRequest()
  }

  #run(): void {
    const call = this.#readCall()
    if (!call) return this.#field('body')?.focus()
    const token = this.#field('token')?.value.trim() ?? ''
    const isLost = this.#field('outcome')?.value === 'lost'
    this.#enqueue(async () => {
      const { runOperation } = await load()
      const { status, kind, text, milliseconds, created } = await runOperation(
        this.#operation,
        call,
        token,
        isLost,
      )
      const shown = [status, kind && `(${kind})`].filter(Boolean).join(' ')
      this.#showResponse(`${shown}, in ${milliseconds.toFixed(1)} ms`, text, kind && this.#linkFor(status))
      if (created) shareIds({ ...this.#readIds(), [this.dataset.recordId ?? '']: created })
      document.dispatchEvent(new CustomEvent('try:done', { detail: { ids: call.ids, token } }))
    })
  }

  #reset(): void {
    const token = this.#field('token')?.value.trim() ?? ''
    this.#form.reset()
    this.#showRequest()
    this.#enqueue(async () => {
      await (await load()).resetSandbox(token)
      this.#showResponse('The sandbox has its original records again.', '')
      document.dispatchEvent(new CustomEvent('try:done', { detail: { token } }))
    })
  }

  #fillBody(): void {
    const { value } = this.#field('example') as HTMLSelectElement
    const body = this.#field('body')
    const examples = JSON.parse(this.dataset.examples ?? '{}')
    if (body) body.value = examples[value]
  }

  /** Renders the request in every language; the site's language switch shows one of them. */
  #showRequest(): void {
    const call = this.#readCall()
    if (!call) return
    this.#enqueue(async () => {
      for (const [language, text] of (await load()).renderRequests(this.#operation, call)) {
        const code = this.querySelector(`[data-language="${language}"]`)
        if (code) code.textContent = text.trimEnd()
      }
    })
  }

  /** Reads the form. If the body isn't valid JSON, shows why and returns undefined. */
  #readCall(): Call | undefined {
    const problem = this.#find('.problem', HTMLElement)
    const body = this.#field('body')
    const prefer = this.#field('outcome')?.value
    problem.hidden = true
    body?.removeAttribute('aria-invalid')
    try {
      return {
        ids: Object.fromEntries(Object.entries(this.#readIds()).map(([name, id]) => [name, parseId(id)])),
        ...(body && { body: JSON.parse(body.value) }),
        ...(prefer && prefer !== 'lost' && { headers: { Prefer: prefer } }),
      }
    } catch (error) {
      problem.textContent = `The body isn’t valid JSON: ${(error as Error).message}`
      problem.hidden = false
      body?.setAttribute('aria-invalid', 'true')
      return undefined
    }
  }

  #readIds(): Record<string, string> {
    const inputs = [...this.querySelectorAll<HTMLInputElement>('.ids input')]
    return Object.fromEntries(inputs.map(({ name, value }) => [name, value.trim()]))
  }

  #linkFor(status = 0): string {
    const links: Record<string, string> = JSON.parse(this.dataset.links ?? '{}')
    return links[status] ?? links[`${Math.floor(status / 100)}XX`] ?? links.default ?? ''
  }

  #showResponse(status: string, text: string, link = ''): void {
    const line = this.#find('[role=status]', HTMLElement)
    line.textContent = status
    if (link)
      line.append(' ', Object.assign(document.createElement('a'), { href: link, textContent: 'What to do' }))
    this.#find('.response', HTMLElement).textContent = text
  }

  #enqueue(task: () => Promise<void>): void {
    this.ariaBusy = 'true'
    const mine = work
      .then(task)
      .catch((error) => this.#showResponse(`The panel failed: ${(error as Error).message}`, ''))
      .finally(() => {
        if (work === mine)
          for (const panel of document.querySelectorAll('try-panel')) panel.ariaBusy = 'false'
      })
    work = mine
  }

  #field(name: string) {
    return this.#fields.namedItem(name) as HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | null
  }

  /** @throws {Error} if `Try.astro` doesn't render such an element. */
  #find<Kind extends HTMLElement>(selector: string, kind: new () => Kind): Kind {
    const found = this.querySelector(selector)
    if (!(found instanceof kind)) throw new Error(`The panel has no ${selector}.`)
    return found
  }
}

customElements.define('try-panel', TryPanel)

/** Uses ids that belong together in every panel of the page, because the reader most likely needs them next. */
function shareIds(ids: Record<string, string>): void {
  for (const panel of document.querySelectorAll<TryPanel>('try-panel')) panel.useIds(ids)
}

/** Keeps an invalid id as text, so that the reader sees the error that it causes. */
function parseId(text: string): string | number {
  return /^\d{1,15}$/.test(text) ? Number(text) : text
}

async function copyText(button: HTMLButtonElement): Promise<void> {
  await navigator.clipboard.writeText(button.parentElement?.querySelector('code')?.textContent ?? '')
  button.textContent = 'Copied'
  button.addEventListener('blur', () => {
    button.textContent = 'Copy'
  })
}

/** On the page with every operation, the URL names the one to show. */
const choices = [...document.querySelectorAll<HTMLInputElement>('.operations input')]
for (const choice of choices) choice.addEventListener('change', () => location.replace(`#${choice.value}`))
addEventListener('hashchange', showChosen)
showChosen()

function showChosen(): void {
  const named = choices.find(({ value }) => value === location.hash.slice(1))
  if (named) named.checked = true
  for (const { value, checked } of choices) {
    const section = document.getElementById(value)
    if (section) section.hidden = !checked
  }
}
