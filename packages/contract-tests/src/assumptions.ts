/** Finds out what each exchange with a server says about the assumptions of the contract. */
import { isDeepStrictEqual } from 'node:util'
import { findResponse, type Mark, type Operation, type Response } from '@recoveryconnect/spec/model'
import { type Fields, model } from './operations.ts'
import type { Exchange } from './outcome.ts'
import { phones } from './record-types.ts'
import { findProblems } from './validate-response.ts'

/** A contradiction outweighs any number of confirmations. */
const opinions = ['contradicted', 'confirmed'] as const
type Opinion = (typeof opinions)[number]

export interface AssumptionFinding {
  pointer: string
  assumed: string
  outcome: Opinion | 'left open'
  because: string
}

interface Rule {
  /** What the exchange says about the assumption; undefined if it says nothing. */
  observe(exchange: Exchange): [Opinion, string] | undefined
  /** Why the assumption stays open if no exchange says anything about it. */
  open: string
  options?: string[]
}

export const assumptions: Mark[] = model.marks.filter(({ kind }) => kind === 'assumed')

export class Assumptions {
  readonly #given: (string | false)[]
  readonly #remembers: boolean
  /** The first reason for each opinion on an assumption. */
  readonly #seen = new Map<string, string>()

  constructor(given: (string | false)[], remembers: boolean) {
    this.#given = given
    this.#remembers = remembers
  }

  observe(exchange: Exchange): void {
    // A response on demand repeats the contract. So does every success response of a server without memory. Neither
    // confirms an assumption.
    if (exchange.isOnDemand || (!this.#remembers && exchange.status < 300)) return
    for (const { pointer } of assumptions) {
      const [opinion, because] = rules[pointer]?.observe(exchange) ?? []
      const key = `${opinion} ${pointer}`
      if (because !== undefined && !this.#seen.has(key)) this.#seen.set(key, because)
    }
  }

  get findings(): AssumptionFinding[] {
    return assumptions.map(({ pointer, text: assumed }) => {
      const outcome = opinions.find((opinion) => this.#seen.has(`${opinion} ${pointer}`)) ?? 'left open'
      const because = this.#seen.get(`${outcome} ${pointer}`) ?? this.#explain(rules[pointer])
      return { pointer, assumed, outcome, because }
    })
  }

  #explain(rule: Rule | undefined): string {
    if (!rule) return "The suite doesn't test it yet."
    const { open, options } = rule
    if (!options) return open
    const missing = options.filter((option) => !this.#given.includes(option))
    if (missing.length > 0) return `${open}: that needs ${missing.join(' and ')}.`
    return this.#remembers
      ? `${open}: an earlier step failed, or the run ended first.`
      : `${open}: that needs a server with memory.`
  }
}

const specific: Record<string, Rule> = {
  '#/components/schemas/DeletionResponse/properties/meta': {
    observe: ({ operation, status, body }) =>
      operation.id === phones.delete.id && status < 300 && (body as Fields)?.meta === undefined
        ? ['confirmed', 'a deletion was confirmed without it']
        : undefined,
    open: 'No deletion was confirmed without it.',
  },
}

const makeRule = [errorRule, nullRule, fieldRule, exampleRule]

/** By the pointer of the assumption. An assumption without a rule stays open. */
const rules: Record<string, Rule | undefined> = Object.fromEntries(
  assumptions.map(({ pointer: at }) => [at, specific[at] ?? makeRule.flatMap((make) => make(at) ?? [])[0]]),
)

/** The assumptions that no run can settle yet, and the rules whose assumption no longer exists. */
export const withoutRule: string[] = assumptions
  .map(({ pointer }) => pointer)
  .filter((pointer) => !rules[pointer])
export const unusedRules: string[] = Object.keys(specific).filter((pointer) => !(pointer in rules))

function writeOptions({ resource }: Operation): string[] {
  return resource === phones.resource.name ? ['--write'] : ['--write', '--disposable']
}

function nullRule(pointer: string): Rule | undefined {
  const [, schema, name = ''] = /^(.+)\/properties\/(\w+)$/.exec(pointer) ?? []
  const known = model.operations.find(({ body }) => body?.schema?.pointer === schema)
  if (!known?.body?.schema?.properties[name]?.types.includes('null')) return undefined
  return {
    observe({ operation, sent, status, body, isValid }) {
      if (operation.id !== known.id || !isValid || (sent as Fields | undefined)?.[name] !== null)
        return undefined
      const { data, errors } = (body ?? {}) as Fields
      if (status < 300)
        return data?.[name] === null
          ? ['confirmed', 'null was accepted and stored']
          : ['contradicted', 'null was accepted, but another value was stored']
      return status === 422 && (!errors || errors[name])
        ? ['contradicted', 'null was rejected with 422']
        : undefined
    },
    open: 'No null was sent',
    // Never tested on real servers, because the memo holds the run marker.
    options: name === 'memo' ? ['--write', '--disposable'] : writeOptions(known),
  }
}

/** For a field of a record whose samples show too few of its values. */
function fieldRule(pointer: string): Rule | undefined {
  const [, schema = '', name = ''] = /^(.+)\/properties\/(\w+)$/.exec(pointer) ?? []
  const all = Object.values(model.schemas).find((one) => one.pointer === schema)?.properties ?? {}
  const field = all[name]
  const isReturned = model.operations.some(({ responses }) =>
    responses.some((one) => hasRecords(one, schema)),
  )
  if (!field || !isReturned) return undefined
  // The two timestamps of the samples show the form of a third.
  const form = new RegExp(name.endsWith('_at') ? (all.created_at?.pattern ?? '') : '')
  const fits = (value: unknown) => findProblems(field, value).length === 0 && form.test(String(value))
  return {
    observe(exchange) {
      const records = recordsIn(exchange, schema).filter((record) => name in record)
      const others = records.map((record) => record[name]).filter((value) => !field.examples.includes(value))
      if (others.length === 0) return undefined
      return others.every(fits)
        ? ['confirmed', "a record had a value that isn't in the sample, in the assumed form"]
        : ['contradicted', 'a record had a value in another form']
    },
    open: "No record had a value that isn't in the sample.",
  }
}

function exampleRule(pointer: string): Rule | undefined {
  for (const { id, responses } of model.operations)
    for (const example of responses.flatMap(({ examples }) => examples)) {
      if (example.pointer !== pointer) continue
      const content = contentOf(example.value)
      return {
        observe: ({ operation, status, body }) =>
          operation.id === id && status === example.status && isDeepStrictEqual(contentOf(body), content)
            ? ['confirmed', 'a response matched the example']
            : undefined,
        open: isDeepStrictEqual(content, [])
          ? 'No list was empty. Pass an order and a borrower without records: --other-order, --other-borrower.'
          : 'No response matched the example.',
      }
    }
  return undefined
}

/** What is in the envelope, if there is one. */
function contentOf(body: unknown): unknown {
  return (body as Fields | null | undefined)?.data ?? body
}

/** The records of this schema in a successful response, whether or not they fit it. */
function recordsIn({ operation, status, body }: Exchange, schema: string): Fields[] {
  if (status >= 300 || !hasRecords(findResponse(operation, status), schema)) return []
  const data = (body as Fields | undefined)?.data
  return [data].flat().filter((record) => typeof record === 'object' && record !== null)
}

function hasRecords(response: Response | undefined, schema: string): boolean {
  const data = response?.schema?.properties.data
  return data?.pointer === schema || data?.items?.pointer === schema
}

/** For a documented error. Checks its body if the server returned it, and the status if the server returned another one. */
function errorRule(pointer: string): Rule | undefined {
  const known = model.operations.find(({ responses }) =>
    responses.some((response) => response.pointer === pointer),
  )
  const key = known?.responses.find((response) => response.pointer === pointer)?.status
  if (!known || key === undefined) return undefined
  return {
    observe({ operation, status, problems, due, contentType }) {
      if (findResponse(operation, status)?.pointer === pointer) {
        const type = contentType?.split(';')[0] ?? 'no content type'
        return problems.length === 0
          ? ['confirmed', `${status} was returned in the assumed form`]
          : ['contradicted', `${status} was returned in another form (${type})`]
      }
      const [only] = due
      const wasDue = operation.responses.some((one) => one.pointer === pointer && one.status === String(only))
      if (due.length !== 1 || !wasDue || status === 429 || status >= 500) return undefined
      return ['contradicted', `${status} was returned where ${only} was assumed`]
    },
    ...(key === '422'
      ? { open: 'No invalid body was sent', options: writeOptions(known) }
      : { open: `The server returned no ${key}.` }),
  }
}
