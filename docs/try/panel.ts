/** The panel that runs an operation in the page. `Try.astro` renders it; this module makes it work. */
import type { Call } from '../samples/call.ts'

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

/** Contains the sandbox and the client, so it's loaded when the reader first uses a panel. */
const load = () => import('./run.ts')

/** Settles when everything that the reader has started so far is done, so that requests arrive in their order. */
let work: Promise<unknown> = Promise.resolve()

class TryPanel extends HTMLElement {
  readonly #form = this.#find<HTMLFormElement>('form')
  readonly #operation = this.dataset.operation ?? ''

  connectedCallback(): void {
    this.addEventListener('focusin', load, { once: true })
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#run()
    })
    this.#form.addEventListener('input', ({ target }) => {
      if (target === this.#field('example')) this.#fillBody()
      if ((target as HTMLElement).matches('.id')) shareIds(this.#readIds())
      else this.#showRequest()
    })
    this.#find('.reset').addEventListener('click', () => this.#reset())
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
    const isLost = this.#valueOf('outcome') === 'lost'
    if (!call) return
    this.#enqueue(async () => {
      const { runOperation } = await load()
      const outcome = await runOperation(this.#operation, call, this.#valueOf('token'), isLost)
      const { summary, text, failure, created } = outcome
      this.#showResponse(summary, text, failure === undefined ? '' : this.#linkFor(failure))
      if (created) shareIds({ ...this.#readIds(), [this.dataset.recordId ?? '']: created })
    })
  }

  #reset(): void {
    const token = this.#valueOf('token')
    this.#form.reset()
    this.#showRequest()
    this.#enqueue(async () => {
      await (await load()).resetSandbox(token)
      this.#showResponse('The sandbox has its original records again.', '')
    })
  }

  #fillBody(): void {
    const body = this.#field('body')
    if (body) body.value = JSON.parse(this.dataset.examples ?? '[]')[this.#valueOf('example')]
  }

  /** Renders the request in every language; the site's language switch shows one of them. */
  #showRequest(): void {
    const call = this.#readCall()
    if (!call) return
    this.#enqueue(async () => {
      for (const [language, text] of (await load()).renderRequests(this.#operation, call))
        this.#find(`[data-language="${language}"]`).textContent = text.trimEnd()
    })
  }

  /** Reads the form. If the body isn't valid JSON, shows why and returns undefined. */
  #readCall(): Call | undefined {
    const body = this.#field('body')
    const prefer = this.#valueOf('outcome')
    const ids = Object.entries(this.#readIds()).map(([name, id]) => [name, parseId(id)])
    try {
      const sent = body && { body: JSON.parse(body.value) }
      this.#showProblem('')
      return {
        ids: Object.fromEntries(ids),
        ...sent,
        ...(prefer && prefer !== 'lost' && { headers: { Prefer: prefer } }),
      }
    } catch (error) {
      this.#showProblem(`The body isn’t valid JSON: ${(error as Error).message}`)
      return undefined
    }
  }

  #showProblem(text: string): void {
    const problem = this.#find('.problem')
    problem.textContent = text
    problem.hidden = text === ''
    this.#field('body')?.setAttribute('aria-invalid', String(text !== ''))
  }

  #readIds(): Record<string, string> {
    const inputs = [...this.querySelectorAll<HTMLInputElement>('.id')]
    return Object.fromEntries(inputs.map(({ name, value }) => [name, value.trim()]))
  }

  #linkFor(status: number): string {
    const links: Record<string, string> = JSON.parse(this.dataset.links ?? '{}')
    return links[status] ?? links[`${Math.floor(status / 100)}XX`] ?? links.default ?? ''
  }

  #showResponse(status: string, text: string, href = ''): void {
    const link = Object.assign(document.createElement('a'), { href, textContent: 'What to do' })
    this.#find('[role=status]').replaceChildren(status, ...(href ? [' ', link] : []))
    this.#find('.response').textContent = text
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

  #field(name: string): Field | null {
    return this.#form.elements.namedItem(name) as Field | null
  }

  #valueOf(name: string): string {
    return this.#field(name)?.value.trim() ?? ''
  }

  /** Returns an element that `Try.astro` renders in every panel. */
  #find<Kind extends HTMLElement = HTMLElement>(selector: string): Kind {
    return this.querySelector(selector) as Kind
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
