/** Finds out what each exchange with a server says about the assumptions of the contract. */
import { findResponse, type Mark, type Operation, type Schema } from '@recoveryconnect/spec/model'
import { type Fields, model } from './operations.ts'
import type { Exchange } from './outcome.ts'
import { phones } from './record-types.ts'

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
  /** The first reason for each opinion on an assumption. */
  readonly #seen = new Map<string, string>()

  constructor(given: (string | false)[] = []) {
    this.#given = given
  }

  observe(exchange: Exchange): void {
    // A response on demand comes from the contract itself, so it proves nothing.
    if (exchange.isOnDemand) return
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
    return missing.length > 0
      ? `${open}: that needs ${missing.join(' and ')}.`
      : `${open}: an earlier step failed, or the run ended first.`
  }
}

const schemas = '#/components/schemas'

const specific: Record<string, Rule> = {
  [`${schemas}/BorrowerPhone/properties/number`]: numberRule(`${schemas}/BorrowerPhone`),
  [`${schemas}/BorrowerPhoneDetails/properties/number`]: numberRule(`${schemas}/BorrowerPhoneDetails`),
  [`${schemas}/DeletionResponse/properties/meta`]: {
    observe: ({ operation, status, body }) =>
      operation.id === phones.delete.id && status < 300 && (body as Fields)?.meta === undefined
        ? ['confirmed', 'a deletion was confirmed without it']
        : undefined,
    open: 'No deletion was confirmed without it.',
  },
}

const makeRule = [errorRule, deletedAtRule, emptyListRule, nullRule]

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

function deletedAtRule(pointer: string): Rule | undefined {
  const [, schema] = /^(.+)\/properties\/deleted_at$/.exec(pointer) ?? []
  if (!schema) return undefined
  return {
    observe(exchange) {
      const times = recordsIn(exchange, schema).flatMap(({ deleted_at }) => deleted_at ?? [])
      if (times.length === 0) return undefined
      return times.every((time) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time))
        ? ['confirmed', 'a record had a timestamp in the same form as the other two']
        : ['contradicted', 'a record had a value in another form']
    },
    open: 'It was null in every record.',
  }
}

function emptyListRule(pointer: string): Rule | undefined {
  const isEmpty = (body: unknown) => (body as Fields | undefined)?.data?.length === 0
  const list = model.operations.find(({ responses }) =>
    responses.some(({ examples }) =>
      examples.some((example) => example.pointer === pointer && isEmpty(example.value)),
    ),
  )
  if (!list) return undefined
  return {
    observe: ({ operation, status, body }) =>
      operation.id === list.id && status < 300 && isEmpty(body)
        ? ['confirmed', 'a list was empty']
        : undefined,
    open: 'No list was empty. Pass a borrower with an empty list: --other-order, --other-borrower.',
  }
}

function numberRule(schema: string): Rule {
  return {
    observe(exchange) {
      const numbers = recordsIn(exchange, schema).map(({ number }) => String(number))
      if (numbers.length === 0) return undefined
      if (numbers.includes('')) return ['confirmed', 'a number was empty']
      return numbers.every((number) => /^\d{3}-\d{3}-\d{4}$/.test(number))
        ? ['confirmed', 'every number had ten digits and dashes; none was empty so far']
        : ['contradicted', 'a number had another form']
    },
    open: 'No number was seen.',
  }
}

/** The records of this schema in a successful response, whether or not they fit it. */
function recordsIn({ operation, status, body }: Exchange, schema: string): Fields[] {
  const documented = status < 300 ? findResponse(operation, status)?.schema?.properties.data : undefined
  if (![documented, documented?.items].some((one?: Schema) => one?.pointer === schema)) return []
  const data = (body as Fields | undefined)?.data
  return [data].flat().filter((record) => typeof record === 'object' && record !== null)
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
