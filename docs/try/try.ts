/** The script of the try page: its form, the request, and the response. */
import { type Operation, type Parameter, type Resource, readModel } from '@recoveryconnect/spec/model'
import { type Call, languages } from '../samples.ts'
import { element } from './element.ts'
import { forgetRecords, showList } from './records.ts'
import { connectToSharedWorld, createWorldInPage } from './world.ts'

const { operations, resources } = readModel()
let world = createWorldInPage()
/** Settles when everything that the reader has started so far is done. */
let work: Promise<unknown> = Promise.resolve()
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

/**
 * The ids that the reader typed, and the id of a created record, by name. Other ids are the examples of the operation,
 * because the vendor's samples aren't all about the same borrower.
 */
let chosenIds: Record<string, string> = {}
let selected: Operation
let language = 'curl'
let listed = resources.find(({ byVerb }) => byVerb.list)
const initialStatus = element('status', HTMLElement).textContent ?? ''

form.addEventListener('submit', (event) => {
  event.preventDefault()
  run()
})
form.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement && target.name === 'operation')) return
  select(target.value)
  showResponse(initialStatus, '')
})
form.addEventListener('input', showRequest)
bodyField.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
})
exampleChoice.addEventListener('change', fillBody)
element('reset', HTMLButtonElement).addEventListener('click', () =>
  enqueue(async () => {
    await world.reset()
    chosenIds = {}
    select(selected.id)
    showResponse('The sandbox has been reset to its original records.', '')
  }),
)
for (const button of languageButtons)
  button.addEventListener('click', () => {
    language = button.dataset.language ?? language
    for (const other of languageButtons) other.ariaPressed = String(other === button)
    showRequest()
  })
place.addEventListener('submit', (event) => event.preventDefault())
place.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return
  enqueue(() => switchWorld(place.elements.namedItem('where') as RadioNodeList))
})
addEventListener('hashchange', () => select(location.hash.slice(1)))

tokenField.value = `try-${crypto.randomUUID().slice(0, 8)}`
select(location.hash.slice(1))

/**
 * Runs the task after those that the reader started before. A request therefore reaches the sandbox that was selected
 * for it, and the records on the page are always the newest.
 */
function enqueue(task: () => Promise<void>): void {
  document.body.ariaBusy = 'true'
  const mine = work
    .then(task)
    .catch(reportError)
    .finally(() => {
      if (work === mine) document.body.ariaBusy = 'false'
    })
  work = mine
}

/** Switches to the selected sandbox. If that fails, shows why and switches to the sandbox in the page. */
async function switchWorld(where: RadioNodeList): Promise<void> {
  placeProblem.hidden = true
  const wanted = where.value
  try {
    const found =
      wanted === 'shared' ? await connectToSharedWorld(tokenField.value.trim()) : createWorldInPage()
    if (where.value !== wanted) return // The reader has selected another sandbox in the meantime.
    world = found
  } catch (error) {
    if (where.value !== wanted) return
    placeProblem.textContent = error instanceof Error ? error.message : String(error)
    placeProblem.hidden = false
    where.value = 'page'
    world = createWorldInPage()
  }
  tokenField.disabled = where.value !== 'shared'
  forgetRecords()
  await showRecords()
}

/** Selects the operation with this id. If there is none, keeps the selected operation, or selects the first. */
function select(id: string): void {
  selected = operations.find((candidate) => candidate.id === id) ?? selected ?? operations[0]
  for (const input of form.querySelectorAll<HTMLInputElement>('[name=operation]'))
    input.checked = input.value === selected.id
  idFields.replaceChildren(...selected.parameters.map(createIdField))
  bodyPart.hidden = !selected.body
  exampleChoice.replaceChildren(
    ...(selected.body?.examples ?? []).map(({ summary }, index) => new Option(summary, `${index}`)),
  )
  outcomeChoice.replaceChildren(...createOutcomes(selected))
  fillBody()
  enqueue(showRecords)
}

/** The ids of an operation, by name. */
function idsOf({ parameters }: Operation): Record<string, string> {
  return Object.fromEntries(parameters.map(({ name, example }) => [name, chosenIds[name] ?? String(example)]))
}

function createIdField({ name, description }: Parameter): HTMLElement {
  const label = document.createElement('label')
  const input = document.createElement('input')
  label.append(name, input)
  const value = idsOf(selected)[name]
  Object.assign(input, { name, value, inputMode: 'numeric', required: true, title: description })
  input.addEventListener('input', () => {
    // The other ids stay, too: they belong to the same record.
    chosenIds = { ...chosenIds, ...idsOf(selected), [name]: input.value.trim() }
  })
  return label
}

/** Creates the choices: the sandbox's own response, each error with an example in the contract, and a lost response. */
function createOutcomes({ method, responses }: Operation): HTMLOptionElement[] {
  const errors = responses.flatMap(({ examples }) => examples).filter(({ status = 0 }) => status >= 400)
  return [
    new Option('Sandbox response', ''),
    ...errors.map(
      ({ status, name, summary }) => new Option(`${status}: ${summary}`, `code=${status}, example=${name}`),
    ),
    ...(method === 'GET' ? [] : [new Option('Request processed, response lost', 'lost')]),
  ]
}

function fillBody(): void {
  const example = selected.body?.examples[Number(exampleChoice.value)]
  bodyField.value = example ? JSON.stringify(example.value, null, 2) : ''
  showRequest()
}

function showRequest(): void {
  const call = readCall()
  bodyProblem.hidden = call !== undefined
  bodyField.ariaInvalid = String(call === undefined)
  const render = languages.find(({ id }) => id === language)?.render
  if (call && render) element('request', HTMLElement).textContent = render(selected, call)
}

/** Reads the form. If the body isn't valid JSON, shows why and returns undefined. */
function readCall(): Call | undefined {
  const ids = Object.entries(idsOf(selected)).map(([name, text]) => [name, parseId(text)])
  const prefer = outcomeChoice.value
  try {
    return {
      ids: Object.fromEntries(ids),
      ...(selected.body && { body: JSON.parse(bodyField.value) }),
      ...(prefer && prefer !== 'lost' && { headers: { Prefer: prefer } }),
    }
  } catch (error) {
    bodyProblem.textContent = `The body isn’t valid JSON: ${error instanceof Error ? error.message : error}`
    return undefined
  }
}

/** Keeps an invalid id as text, so that the reader sees the error that it causes. */
function parseId(text: string): string | number {
  return /^\d{1,15}$/.test(text) ? Number(text) : text
}

function run(): void {
  const call = readCall()
  if (!call) {
    bodyField.focus()
    return
  }
  const operation = selected
  const lost = outcomeChoice.value === 'lost'
  enqueue(async () => {
    const { status, text, milliseconds } = await world.run(operation, call, lost)
    showResponse(`${status}, in ${milliseconds.toFixed(1)} ms`, text)
    // On a phone, the response is below the visible part of the page.
    element('status', HTMLElement).scrollIntoView({ block: 'nearest' })
    if (operation.verb === 'create') useNewId(operation, text)
    await showRecords()
  })
}

/** Fills in the id of a created record, because the reader most likely uses it next. */
function useNewId(operation: Operation, text: string): void {
  const recordId = resourceOf(operation)?.recordId
  const { data } = JSON.parse(text.startsWith('{') ? text : '{}') as { data?: { id?: number } }
  if (recordId && data?.id) chosenIds[recordId] = String(data.id)
}

function resourceOf({ resource }: Operation): Resource | undefined {
  return resources.find(({ name }) => name === resource)
}

function showResponse(status: string, text: string): void {
  element('status', HTMLElement).textContent = status
  element('response', HTMLElement).textContent = text
}

/** Shows the records of the selected resource. If the resource has no list, keeps the records of the previous one. */
async function showRecords(): Promise<void> {
  const own = resourceOf(selected)
  const resource = own?.byVerb.list ? own : listed
  if (!resource?.byVerb.list) return
  if (resource !== listed) forgetRecords()
  listed = resource
  const { list } = resource.byVerb
  await showList(world, list, { ...idsOf(list), ...idsOf(selected) })
}
