/** The resources whose records the suite creates, and the bodies that it sends for them. */
import { findResponse, type Operation, type Resource, type Verb } from '@recoveryconnect/spec/model'
import { exampleBody, type Fields, findOperationById, model, successesOf } from './operations.ts'
import { alwaysSent, makePhone, safeValues, unsafeValues } from './phone-records.ts'

export interface RecordType extends Record<Verb, Operation> {
  resource: Resource
  idName: string
  /** Whether a run may write these records on a real server. Only phones have a place for the run marker. */
  isSafe: boolean
  /** The statuses for a valid body. They include 422 if a documented example may break a rule that isn't in the contract. */
  accepted(operation: Operation): number[]
  makeBody(marker: string, serial: number): Fields
  /** A valid update that changes every field, if possible. */
  makeUpdate(marker: string): Fields
  /** The fields that a create without the optional fields has. */
  minimum: string[]
  /** Bodies with a single field each, for a create or an update. Unsafe bodies are for disposable servers. */
  changes(verb: 'create' | 'update', marker: string): { safe: Fields[]; unsafe: Fields[] }
  /** The fields that a record has after this body was sent, if the contract specifies them. */
  asStored(body: Fields): Fields
}

export const recordTypes: RecordType[] = model.resources.flatMap((resource) => {
  const { list, get, create, update, delete: remove } = resource.byVerb
  if (!list || !get || !create?.body || !update?.body || !remove || !resource.recordId) return []
  const operations = { list, get, create, update, delete: remove }
  const required = create.body.schema?.required ?? []
  const isPhone = create.id === 'createBorrowerPhone'
  const bodies = isPhone ? phoneBodies(required) : exampleBodies(create, update, required)
  return [{ resource, idName: resource.recordId, ...operations, ...bodies }]
})

/** The resource that the rules for real servers apply to. */
export const phones = recordTypes.find(({ isSafe }) => isSafe) as RecordType

/** The operation that exchanges a name and a password for a token. */
export const login: Operation = findOperationById('createAccessToken')

export function recordTypeOf({ resource }: Operation): RecordType | undefined {
  return recordTypes.find((type) => type.resource.name === resource)
}

/** Whether the suite can call an operation without knowing what it writes. */
export function needsNoBody(operation: Operation): boolean {
  return operation.method === 'GET' || (!operation.body?.required && !recordTypeOf(operation))
}

type Bodies = Omit<RecordType, Verb | 'resource' | 'idName'>

function phoneBodies(required: string[]): Bodies {
  const split = (values: object) =>
    Object.entries(values).flatMap(([name, all]) => all.map((value: unknown) => ({ [name]: value })))
  return {
    isSafe: true,
    accepted: successesOf,
    makeBody: makePhone,
    // The first value of each field wins.
    makeUpdate: (marker) => Object.assign({}, ...split(safeValues(marker)).reverse()),
    minimum: [...required, ...alwaysSent],
    changes: (_, marker) => ({ safe: split(safeValues(marker)), unsafe: split(unsafeValues) }),
    asStored: (body) => body,
  }
}

/** The documented examples. They can't contain a run marker, so they are only for disposable servers. */
function exampleBodies(create: Operation, update: Operation, required: string[]): Bodies {
  const stored = storedFields(create)
  const examples = (update.body?.examples ?? []).map(({ value }) => value as Fields)
  const [widest = {}] = examples.toSorted((one, other) => Object.keys(other).length - Object.keys(one).length)
  return {
    isSafe: false,
    accepted: (operation) => [...successesOf(operation), 422],
    makeBody: () => exampleBody(create),
    makeUpdate: () => widest,
    minimum: required,
    changes: (verb) => ({ safe: [], unsafe: valuesOf(verb === 'create' ? create : update) }),
    asStored: (body) => Object.fromEntries(Object.entries(body).filter(([name]) => stored.includes(name))),
  }
}

/** The fields that the documented create returns with the values that were sent. */
function storedFields(create: Operation): string[] {
  const sent: Fields = exampleBody(create) ?? {}
  const [example] = findResponse(create, successesOf(create)[0] as number)?.examples ?? []
  const record = (example?.value as Fields | undefined)?.data ?? {}
  return Object.keys(sent).filter((name) => record[name] === sent[name])
}

/** Bodies with a single field each: the values in the examples, every enum value, and null if it is allowed. */
function valuesOf({ body }: Operation): Fields[] {
  const shown = (body?.examples ?? []).flatMap(({ value }) => Object.entries(value as Fields))
  const listed = Object.entries(body?.schema?.properties ?? {}).flatMap(([name, schema]) => {
    const values = [...(schema.enum ?? []), ...(schema.types.includes('null') ? [null] : [])]
    return values.map((value) => [name, value] as const)
  })
  return [...shown, ...listed].map(([name, value]) => ({ [name]: value }))
}
