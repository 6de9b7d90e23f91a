/** Every `x-assumed` mark of the contract, and what each exchange with a server says about it. */
import { isDeepStrictEqual } from 'node:util'
import {
  type ContractOperation,
  contract,
  documentedAs,
  type Node,
  nodeAt,
  operation,
  operations,
  pointerOf,
} from './contract.ts'
import type { Exchange } from './run.ts'

export type Opinion = 'confirmed' | 'contradicted'

export interface AssumptionFinding {
  /** Where the mark stands: `#/components/responses/NotFound`. */
  at: string
  /** The reason that the contract gives. */
  assumed: string
  outcome: Opinion | 'left open'
  /** What was seen, or what it would take. */
  because: string
}

interface Rule {
  /** What the exchange says; undefined where it says nothing. */
  observe(exchange: Exchange): [Opinion, string] | undefined
  /** Why it stays open where no exchange said anything. */
  open: string
  /** The options without which it is not asked about. */
  takes?: string[]
}

/** The marks of the contract with their reasons. */
export const marks: { at: string; assumed: string }[] = marksIn(contract, '#')

/** Collects opinions during a run. One contradiction outweighs any number of confirmations. */
export class Assumptions {
  readonly #given: (string | false)[]
  readonly #seen = new Map<string, Map<Opinion, string>>()

  /** @param given the options of the run. */
  constructor(given: (string | false)[] = []) {
    this.#given = given
  }

  observe(exchange: Exchange): void {
    // What a server says on demand comes from the contract itself and proves nothing.
    if (exchange.onDemand) return
    for (const { at } of marks) {
      const opinion = rules[at]?.observe(exchange)
      if (!opinion) continue
      const seen = this.#seen.get(at) ?? new Map<Opinion, string>()
      if (!seen.has(opinion[0])) seen.set(opinion[0], opinion[1])
      this.#seen.set(at, seen)
    }
  }

  /** The table, in the order of the contract. */
  get findings(): AssumptionFinding[] {
    return marks.map(({ at, assumed }) => {
      const seen = this.#seen.get(at)
      for (const outcome of ['contradicted', 'confirmed'] as const) {
        const because = seen?.get(outcome)
        if (because !== undefined) return { at, assumed, outcome, because }
      }
      return { at, assumed, outcome: 'left open', because: this.#openBecause(rules[at]) }
    })
  }

  #openBecause(rule: Rule | undefined): string {
    if (!rule) return 'The suite does not ask about it yet.'
    const { open, takes } = rule
    if (!takes) return open
    const missing = takes.filter((option) => !this.#given.includes(option))
    return missing.length > 0
      ? `${open}: that takes ${takes.join(' and ')}.`
      : `${open}: a step before it did not succeed, or the run ended first.`
  }
}

const schemas = '#/components/schemas'

/** The questions that one mark alone asks, by its pointer. */
const particular: Record<string, Rule> = {
  [`${schemas}/BorrowerPhone/properties/number`]: numberIn(`${schemas}/BorrowerPhone`),
  [`${schemas}/BorrowerPhoneDetails/properties/number`]: numberIn(`${schemas}/BorrowerPhoneDetails`),
  [`${schemas}/DeletionResponse/properties/meta`]: {
    observe({ operation, status, body }) {
      if (operation?.id !== 'deleteBorrowerPhone' || status !== 200) return undefined
      return (body as Node)?.meta === undefined
        ? ['confirmed', 'a deletion was confirmed without it']
        : undefined
    },
    open: 'No deletion was confirmed without it.',
  },
}

/** Why a documented failure stays open, by the status or range that it stands under. */
const unmet: Record<string, string> = {
  401: 'No request was sent without a token.',
  404: 'Nothing was asked for that is not there.',
  429: 'No limit was met, and the suite provokes none.',
  '4XX': 'No other refusal was met.',
  '5XX': 'The server did not fail.',
}

/** Only these records carry the marker of a run. */
const marked = operation('createBorrowerPhone').tag

/** What it takes to write such records. */
function permissionFor({ tag }: ContractOperation): string[] {
  return tag === marked ? ['--write'] : ['--write', '--disposable']
}

/** By the pointer of the mark. A mark of a kind that is not known here stays open. */
const rules: Record<string, Rule | undefined> = Object.fromEntries(
  marks.map(({ at }) => [at, particular[at] ?? failure(at) ?? deletion(at) ?? emptyList(at) ?? nullable(at)]),
)

/** The marks that no run can answer yet, and the questions that no mark asks any more. */
export const unasked: string[] = marks.filter(({ at }) => !rules[at]).map(({ at }) => at)
export const idle: string[] = Object.keys(particular).filter((at) => !marks.some((mark) => mark.at === at))

/** A field of a request body that may be null; undefined where the mark is on nothing of the kind. */
function nullable(at: string): Rule | undefined {
  const [, schema, name = ''] = /^(.+)\/properties\/(\w+)$/.exec(at) ?? []
  const known = schema && operations.find(({ request }) => request === schema)
  if (!known || ![nodeAt(at).type].flat().includes('null')) return undefined
  return {
    observe({ operation, sent, status, body, valid }) {
      if (operation?.id !== known.id || !valid || (sent as Node | undefined)?.[name] !== null)
        return undefined
      if (status === 200) {
        const stored = (body as Node)?.data?.[name]
        return stored === null
          ? ['confirmed', 'null was accepted and stored']
          : ['contradicted', 'null was accepted, but something else was stored']
      }
      const reasons = (body as Node)?.errors
      return status === 422 && (!reasons || reasons[name])
        ? ['contradicted', 'null was refused with 422']
        : undefined
    },
    ...(known.tag === marked && name === 'memo'
      ? {
          open: 'A live run does not ask: without its memo a record could not be found again after a crash.',
        }
      : { open: 'No null was sent', takes: permissionFor(known) }),
  }
}

/** When a record was deleted, in the schema of a record. */
function deletion(at: string): Rule | undefined {
  const [, schema] = /^(.+)\/properties\/deleted_at$/.exec(at) ?? []
  if (!schema) return undefined
  return {
    observe(exchange) {
      const times = recordsIn(exchange, schema).map(({ deleted_at }) => deleted_at ?? null)
      if (times.every((time) => time === null)) return undefined
      return times.every((time) => time === null || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time))
        ? ['confirmed', 'a record had a timestamp like the other two']
        : ['contradicted', 'a record had something else than such a timestamp']
    },
    open: 'It was null in every record.',
  }
}

/** An example of a list that holds nothing. */
function emptyList(at: string): Rule | undefined {
  const { value } = nodeAt(at)
  const list = operations.find(({ answers }) => answers.some(({ body }) => isDeepStrictEqual(body, value)))
  if (!list || !Array.isArray(value?.data) || value.data.length > 0) return undefined
  return {
    observe({ operation, status, body }) {
      if (operation?.id !== list.id || status !== 200) return undefined
      const data = (body as Node)?.data
      return Array.isArray(data) && data.length === 0 ? ['confirmed', 'a list was empty'] : undefined
    },
    open: 'No list was empty; name a borrower whose list is with --other-borrower.',
  }
}

/** The form of a number in answers of a schema. */
function numberIn(schema: string): Rule {
  return {
    observe(exchange) {
      const numbers = recordsIn(exchange, schema).map(({ number }) => String(number))
      if (numbers.length === 0) return undefined
      if (numbers.includes('')) return ['confirmed', 'an empty number came']
      return numbers.every((number) => /^\d{3}-\d{3}-\d{4}$/.test(number))
        ? ['confirmed', 'every number had ten digits and dashes; none was empty so far']
        : ['contradicted', 'a number came in another form']
    },
    open: 'No number was seen.',
  }
}

/** The records of this schema in a successful answer, however they fit it. */
function recordsIn({ operation, status, body }: Exchange, schema: string): Node[] {
  const answer = operation?.responses[200]?.schema
  if (status !== 200 || !answer) return []
  const held = ['properties/data', 'properties/data/items'].map((path) => `${answer}/${path}`)
  if (!held.some((place) => nodeAt(place) && pointerOf(place) === schema)) return []
  const data = (body as Node | undefined)?.data
  return [data].flat().filter((record) => typeof record === 'object' && record !== null)
}

/** A documented failure: its body where it was met, and another status where it was due. */
function failure(at: string): Rule | undefined {
  const [found] = operations.flatMap((known) =>
    Object.keys(known.responses).flatMap((key) => (known.responses[key]?.at === at ? [{ known, key }] : [])),
  )
  if (!found) return undefined
  const { known, key } = found
  return {
    observe({ operation, status, fits, due, contentType }) {
      if (!operation) return undefined
      const documented = documentedAs(operation, status)
      if (documented && operation.responses[documented]?.at === at) {
        const type = contentType?.split(';')[0] ?? 'no content type'
        return fits
          ? ['confirmed', `${status} came in the assumed shape`]
          : ['contradicted', `${status} came in another shape (${type})`]
      }
      const [only] = due
      const wasDue = due.length === 1 && only !== undefined && operation.responses[only]?.at === at
      if (!wasDue || status === 429 || status >= 500) return undefined
      return ['contradicted', `${status} came where ${only} was assumed`]
    },
    ...(key === '422'
      ? { open: 'No bad body was sent', takes: permissionFor(known) }
      : { open: unmet[key] ?? `No ${key} was met.` }),
  }
}

function marksIn(node: unknown, at: string): { at: string; assumed: string }[] {
  if (typeof node !== 'object' || node === null) return []
  const { 'x-assumed': assumed } = node as Node
  return [
    ...(typeof assumed === 'string' ? [{ at, assumed }] : []),
    ...Object.entries(node).flatMap(([key, inner]) =>
      marksIn(inner, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    ),
  ]
}
