/** The page itself: what is chosen and typed, the request it makes, the answer, and the records as they stand. */
import { type Operation, operations, resolve } from '../contract.ts'
import { type Call, exampleCall, languages } from '../samples.ts'
import { sharedWorld, worldInThisPage } from './world.ts'

let world = worldInThisPage()
const form = element('call', HTMLFormElement)
const idFields = element('ids', HTMLElement)
const bodyPart = element('body-part', HTMLElement)
const bodyField = element('body', HTMLTextAreaElement)
const bodyProblem = element('body-problem', HTMLElement)
const exampleChoice = element('example', HTMLSelectElement)
const outcomeChoice = element('outcome', HTMLSelectElement)
const place = element('place', HTMLFormElement)
const tokenField = element('token', HTMLInputElement)
const placeProblem = element('place-problem', HTMLElement)
const languageButtons = [...document.querySelectorAll<HTMLButtonElement>('[data-language]')]

/** The ids as they were typed last; they stay when another operation is chosen. */
const ids: Record<string, string> = {}
let chosen: Operation
let language = 'curl'
/** The operation whose records are shown, and those records. */
let listed: Operation | undefined = operations.find(({ id }) => id.startsWith('list'))
let shown = new Map<unknown, string>()

form.addEventListener('submit', (event) => {
  event.preventDefault()
  run()
})
form.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement && target.name === 'operation')) return
  choose(target.value)
  showAnswer('Press Run.', '')
})
form.addEventListener('input', showRequest)
bodyField.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
})
exampleChoice.addEventListener('change', fillBody)
element('reset', HTMLButtonElement).addEventListener('click', async () => {
  await world.reset()
  Object.assign(ids, exampleIds())
  choose(chosen.id)
  showAnswer('The world is as it was at first.', '')
})
for (const button of languageButtons)
  button.addEventListener('click', () => {
    language = button.dataset.language ?? language
    for (const other of languageButtons) other.ariaPressed = String(other === button)
    showRequest()
  })
place.addEventListener('submit', (event) => event.preventDefault())
place.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLInputElement) moveTo(place.elements.namedItem('where') as RadioNodeList)
})
addEventListener('hashchange', () => choose(location.hash.slice(1)))

tokenField.value = `try-${crypto.randomUUID().slice(0, 8)}`
Object.assign(ids, exampleIds())
choose(location.hash.slice(1))

/** Goes to the sandbox that was chosen, or says why it stays in the page. */
async function moveTo(where: RadioNodeList): Promise<void> {
  placeProblem.hidden = true
  const asked = where.value
  try {
    const found = asked === 'shared' ? await sharedWorld(tokenField.value.trim()) : worldInThisPage()
    if (where.value !== asked) return // The reader has gone elsewhere in the meantime.
    world = found
  } catch (error) {
    if (where.value !== asked) return
    placeProblem.textContent = error instanceof Error ? error.message : String(error)
    placeProblem.hidden = false
    where.value = 'page'
    world = worldInThisPage()
  }
  tokenField.disabled = where.value !== 'shared'
  shown = new Map()
  await showRecords()
}

/** Shows an operation; the one that was chosen, or the first, where there is none of that id. */
function choose(id: string): void {
  chosen = operations.find((candidate) => candidate.id === id) ?? chosen ?? operations[0]
  for (const input of form.querySelectorAll<HTMLInputElement>('[name=operation]'))
    input.checked = input.value === chosen.id
  idFields.replaceChildren(...chosen.parameters.map(idField))
  bodyPart.hidden = !chosen.request
  exampleChoice.replaceChildren(
    ...(chosen.request?.examples ?? []).map(({ summary }, index) => new Option(summary, `${index}`)),
  )
  outcomeChoice.replaceChildren(...outcomes(chosen))
  fillBody()
  showRecords()
}

function idField({ name, description }: Operation['parameters'][number]): HTMLElement {
  const label = document.createElement('label')
  const input = document.createElement('input')
  label.append(name, input)
  Object.assign(input, {
    name,
    value: ids[name] ?? '',
    inputMode: 'numeric',
    required: true,
    title: description,
  })
  input.addEventListener('input', () => {
    ids[name] = input.value.trim()
  })
  return label
}

/** What the sandbox does by itself, each failure that the contract has an example of, and an answer that gets lost. */
function outcomes({ method, answers }: Operation): HTMLOptionElement[] {
  const documented = answers.flatMap(({ status, body }) =>
    (body?.examples ?? []).map(({ name, summary, status: exact }) => ({
      code: exact ?? Number(status),
      name,
      summary,
    })),
  )
  const failures = documented.filter(({ code }) => code >= 400)
  return [
    new Option('as the sandbox behaves', ''),
    ...failures.map(
      ({ code, name, summary }) => new Option(`${code}: ${summary}`, `code=${code}, example=${name}`),
    ),
    ...(method === 'GET' ? [] : [new Option('carried out, but the answer is lost', 'lost')]),
  ]
}

function fillBody(): void {
  const example = chosen.request?.examples[Number(exampleChoice.value)]
  bodyField.value = example ? JSON.stringify(example.value, null, 2) : ''
  showRequest()
}

function showRequest(): void {
  const call = typedCall()
  bodyProblem.hidden = call !== undefined
  bodyField.ariaInvalid = String(call === undefined)
  const render = languages.find(({ id }) => id === language)?.render
  if (call && render) element('request', HTMLElement).textContent = render(chosen, call)
}

/** What the form says, or undefined where the body is no JSON; the reason is then shown beside it. */
function typedCall(): Call | undefined {
  const typed = chosen.parameters.map(({ name }) => [name, idOf(ids[name] ?? '')])
  const prefer = outcomeChoice.value
  try {
    return {
      ids: Object.fromEntries(typed),
      ...(chosen.request && { body: JSON.parse(bodyField.value) }),
      ...(prefer && prefer !== 'lost' && { headers: { Prefer: prefer } }),
    }
  } catch (error) {
    bodyProblem.textContent = `This is no JSON: ${error instanceof Error ? error.message : error}`
    return undefined
  }
}

/** What is no number goes out as it was typed, so that the refusal can be seen. */
function idOf(text: string): string | number {
  return /^\d{1,15}$/.test(text) ? Number(text) : text
}

async function run(): Promise<void> {
  const call = typedCall()
  if (!call) return bodyField.focus()
  document.body.ariaBusy = 'true'
  const { status, text, milliseconds } = await world.run(chosen, call, outcomeChoice.value === 'lost')
  showAnswer(`${status}, in ${milliseconds.toFixed(1)} ms`, text)
  // On a phone the answer stands below what fits on the screen.
  element('status', HTMLElement).scrollIntoView({ block: 'nearest' })
  takeNewId(text)
  await showRecords()
  document.body.ariaBusy = 'false'
}

/** The calls that follow a create are mostly about what was created. */
function takeNewId(text: string): void {
  const one = operations.find(({ path }) => path.startsWith(`${chosen.path}/{`))
  const name = one?.parameters.at(-1)?.name
  const { data } = JSON.parse(text.startsWith('{') ? text : '{}') as { data?: { id?: number } }
  if (name && data?.id) ids[name] = String(data.id)
}

function showAnswer(status: string, text: string): void {
  element('status', HTMLElement).textContent = status
  element('answer', HTMLElement).textContent = text
}

/** The list that the chosen operation belongs to; where it belongs to none, the last one stays. */
async function showRecords(): Promise<void> {
  const list = operations.find(({ id, tag }) => tag === chosen.tag && id.startsWith('list')) ?? listed
  if (!list) return
  if (list !== listed) shown = new Map()
  listed = list
  element('records-title', HTMLElement).textContent = `${list.tag}, as they stand`
  const path = list.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''))
  const records = (await world.records(path)) ?? []
  const names = columnsOf(list)
  element('columns', HTMLElement).replaceChildren(...names.map((name) => cell('th', name)))
  const before = shown
  shown = new Map(records.map((record) => [record.id, JSON.stringify(record)]))
  const rows = records.map((record) => {
    const row = document.createElement('tr')
    row.append(...names.map((name) => cell('td', record[name] === null ? 'null' : String(record[name]))))
    row.classList.toggle('changed', before.size > 0 && before.get(record.id) !== shown.get(record.id))
    return row
  })
  const none = cell('td', 'none: no record is left, or the ids do not belong together')
  none.colSpan = names.length
  element('records', HTMLElement).replaceChildren(...(rows.length > 0 ? rows : [none]))
}

/** The fields of an item of a list. */
function columnsOf({ answers }: Operation): string[] {
  const [success] = answers
  const data = resolve(success?.body?.schema ?? {}).properties?.data
  return Object.keys(resolve(data?.items ?? {}).properties ?? {})
}

function cell(kind: 'th' | 'td', text: string): HTMLTableCellElement {
  return Object.assign(document.createElement(kind), { textContent: text })
}

function exampleIds(): Record<string, string> {
  const calls = operations.flatMap((one) => Object.entries(exampleCall(one).ids))
  return Object.fromEntries(calls.map(([name, value]) => [name, String(value)]))
}

function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} called ${id}.`)
  return found
}
