/** Every `x-assumed` mark of the contract, and what each exchange with a server says about it. */
import { contract, documentedAs, type Node } from './contract.ts'
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
}

/** The marks of the contract with their reasons. */
export const marks: { at: string; assumed: string }[] = marksIn(contract, '#')

/** Collects opinions during a run. One contradiction outweighs any number of confirmations. */
export class Assumptions {
  readonly #seen = new Map<string, Map<Opinion, string>>()

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
      const because = rules[at]?.open ?? 'The suite does not ask about it yet.'
      return { at, assumed, outcome: 'left open', because }
    })
  }
}

const schemas = '#/components/schemas'
const responses = '#/components/responses'

/** By the pointer of the mark. */
export const rules: Record<string, Rule> = {
  ...nullable('createBorrowerPhone', 'BorrowerPhoneCreate', ['mobile_carrier_id', 'extension', 'memo']),
  ...nullable('updateBorrowerPhone', 'BorrowerPhoneUpdate', ['mobile_carrier_id', 'extension', 'memo']),
  [`${schemas}/BorrowerPhone/properties/number`]: numberIn('BorrowerPhoneList'),
  [`${schemas}/BorrowerPhoneDetails/properties/number`]: numberIn('BorrowerPhoneAnswer'),
  [`${schemas}/BorrowerPhoneDetails/properties/deleted_at`]: {
    observe(exchange) {
      const times = recordsIn(exchange, 'BorrowerPhoneAnswer').map(({ deleted_at }) => deleted_at ?? null)
      if (times.every((time) => time === null)) return undefined
      return times.every((time) => time === null || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time))
        ? ['confirmed', 'a record had a timestamp like the other two']
        : ['contradicted', 'a record had something else than such a timestamp']
    },
    open: 'It was null in every record.',
  },
  [`${schemas}/DeletionAnswer/properties/meta`]: {
    observe({ operation, status, body }) {
      if (operation?.id !== 'deleteBorrowerPhone' || status !== 200) return undefined
      return (body as Node)?.meta === undefined
        ? ['confirmed', 'a deletion was confirmed without it']
        : undefined
    },
    open: 'No deletion was confirmed without it.',
  },
  [`${responses}/Unauthenticated`]: failure('Unauthenticated', 401, 'No request was sent without a token.'),
  [`${responses}/NotFound`]: failure('NotFound', 404, 'Nothing was asked for that is not there.'),
  [`${responses}/CreationRefused`]: failure(
    'CreationRefused',
    422,
    'No bad body was sent: that takes --write.',
  ),
  [`${responses}/UpdateRefused`]: failure('UpdateRefused', 422, 'No bad body was sent: that takes --write.'),
  [`${responses}/TooManyRequests`]: failure(
    'TooManyRequests',
    undefined,
    'No limit was met, and the suite provokes none.',
  ),
  [`${responses}/ClientError`]: failure('ClientError', undefined, 'No other refusal was met.'),
  [`${responses}/ServerError`]: failure('ServerError', undefined, 'The server did not fail.'),
  '#/components/examples/NoPhones': {
    observe({ operation, status, body }) {
      if (operation?.id !== 'listBorrowerPhones' || status !== 200) return undefined
      const data = (body as Node)?.data
      return Array.isArray(data) && data.length === 0 ? ['confirmed', 'a list was empty'] : undefined
    },
    open: 'No borrower without phones was met; name one with --other-borrower.',
  },
}

/** A request field that may be null. */
function nullable(operationId: string, schema: string, fields: string[]): Record<string, Rule> {
  const rule = (name: string): Rule => ({
    observe({ operation, sent, status, body, valid }) {
      if (operation?.id !== operationId || !valid || (sent as Node | undefined)?.[name] !== null)
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
    open:
      name === 'memo'
        ? 'A live run does not ask: without its memo a record could not be found again after a crash.'
        : 'No null was sent: that takes --write.',
  })
  return Object.fromEntries(fields.map((name) => [`${schemas}/${schema}/properties/${name}`, rule(name)]))
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

/** The records in a successful answer of this schema, however they fit it. */
function recordsIn({ operation, status, body }: Exchange, schema: string): Node[] {
  if (status !== 200 || operation?.responses[200]?.schema !== `${schemas}/${schema}`) return []
  const data = (body as Node | undefined)?.data
  return [data].flat().filter((record) => typeof record === 'object' && record !== null)
}

/** A documented failure: its body where it was met, and another status where it was due. */
function failure(name: string, expected: number | undefined, open: string): Rule {
  const at = `${responses}/${name}`
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
      const wasDue =
        due.length === 1 && only !== undefined && only === expected && operation.responses[only]?.at === at
      if (!wasDue || status === 429 || status >= 500) return undefined
      return ['contradicted', `${status} came where ${only} was assumed`]
    },
    open,
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
