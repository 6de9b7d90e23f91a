/** Compares each schema of the contract with everything that the vendor's tables and samples show for it. */
import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../model/references.ts'
import { jsonType } from '../model/schemas.ts'
import type { VendorField, VendorOperation } from './facts.ts'

export type Json = Record<string, unknown>

/** The value if it is an object, or else an empty one. */
export const object = (value: unknown): Json => (isObject(value) ? value : {})

/** The value if it is an array, or else an empty one. */
export const array = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

type Direction = 'request' | 'response'

/** What the vendor's document shows for a schema. Several operations may share a schema. */
interface Evidence {
  where: string
  direction: Direction
  name: string
  samples: unknown[]
  fields: readonly VendorField[]
  /** The operations of the same resource, whose fields of the same name mean the same. */
  siblings: VendorOperation[]
}

/** Keywords that say nothing about the data. The names of codes are ours. */
const silent = new Set([
  'description',
  'title',
  'examples',
  'x-enum-varnames',
  'x-question',
  'x-source',
  'x-assumed',
])

/**
 * Collects the evidence for each schema first and checks it afterward, because a shared schema can have several uses.
 *
 * @param report receives each finding, with the object of the contract that it is about.
 */
export function createSchemaCheck(
  resolve: (node: unknown) => Json,
  report: (node: unknown, where: string, what: string) => void,
) {
  const schemas = new Map<Json, Evidence>()
  return { collect, check: () => schemas.forEach(checkSchema) }

  /** Walks through a schema together with its samples and table rows. */
  function collect(reference: unknown, { samples, ...evidence }: Evidence): void {
    const schema = resolve(reference)
    const { where, fields } = evidence
    const earlier = schemas.get(schema)
    if (earlier) earlier.samples.push(...samples)
    else schemas.set(schema, { ...evidence, samples: [...samples] })
    for (const [name, property] of Object.entries(object(schema.properties))) {
      const holders = samples.map(object).filter((sample) => name in sample)
      collect(property, {
        ...evidence,
        where: `${where}.${name}`,
        name,
        samples: holders.map((holder) => holder[name]),
        fields: fields.filter((field) => field.name === name),
      })
    }
    const ofItems = { name: '', samples: samples.flatMap(array), fields: [] }
    if (schema.items) collect(schema.items, { ...evidence, where: `${where}[]`, ...ofItems })
  }

  function checkSchema(evidence: Evidence, schema: Json): void {
    const seen = findSeenValues(evidence)
    for (const [keyword, claim] of Object.entries(schema)) {
      if (silent.has(keyword) || isSupported(keyword, claim, schema, seen, evidence)) continue
      report(schema, evidence.where, `${keyword} ${JSON.stringify(claim)} isn't documented: mark it`)
    }
    // A mark may allow more types than the samples show, never fewer.
    const types = [schema.type ?? seen.map(jsonType)].flat()
    for (const type of new Set(seen.map(jsonType))) {
      if (!types.includes(type)) report(schema, evidence.where, `${type} is documented but not allowed`)
    }
    if (schema.properties) checkProperties(schema, evidence)
  }

  function isSupported(
    keyword: string,
    claim: unknown,
    schema: Json,
    seen: unknown[],
    evidence: Evidence,
  ): boolean {
    switch (keyword) {
      case 'type':
        return [claim].flat().every((type) => seen.some((value) => jsonType(value) === type))
      case 'format':
        return claim === 'int64' && [schema.type].flat().includes('integer')
      case 'enum':
        return isDeepStrictEqual(new Set(array(claim)), findCodes(evidence))
      case 'pattern': {
        const texts = seen.filter((value) => typeof value === 'string')
        return texts.length > 0 && texts.every((text) => patternOf(text) === claim)
      }
      case 'properties':
      case 'items':
        return true
      case 'required':
        return array(claim).every((property) => isRequired(String(property), evidence))
      default:
        return false
    }
  }

  /** Checks that each property is documented, each documented field exists, and the right fields are required. */
  function checkProperties(schema: Json, evidence: Evidence): void {
    const { where, samples, fields } = evidence
    const properties = object(schema.properties)
    const shown = new Set([...samples.map(object).flatMap(Object.keys), ...fields.map(({ name }) => name)])
    for (const [name, property] of Object.entries(properties)) {
      if (!shown.has(name)) report(property, where, `${name} is not documented`)
    }
    for (const name of shown) {
      if (!(name in properties)) report(schema, where, `${name} is documented but missing`)
      else if (isRequired(name, evidence) && !array(schema.required).includes(name)) {
        report(resolve(properties[name]), where, `${name} is required`)
      }
    }
  }

  /** A response field is required if every sample has it. A request field is required if the table says so. */
  function isRequired(name: string, { direction, samples, fields }: Evidence): boolean {
    if (direction === 'request') return fields.some((field) => field.name === name && field.mandatory)
    return samples.every((sample) => name in object(sample))
  }

  /** The samples for this schema, and those for fields with the same name in the resource's other operations. */
  function findSeenValues({ name, direction, samples, siblings }: Evidence): unknown[] {
    if (['', 'data', 'meta'].includes(name)) return samples
    return [...samples, ...siblings.flatMap((operation) => findNamesakes(operation[direction], name))]
  }

  function findCodes({ name, siblings }: Evidence): Set<unknown> {
    const rows = siblings.flatMap(({ fields }) => fields.filter((field) => field.name === name))
    return new Set(rows.flatMap(({ codes }) => codes))
  }
}

/** Finds every value with this name, at any depth, except in `meta`, which is about the vendor's code. */
export function findNamesakes(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => findNamesakes(item, name))
  const { meta: _, ...rest } = object(value)
  return Object.entries(rest).flatMap(([key, child]) => [
    ...(key === name ? [child] : []),
    ...findNamesakes(child, name),
  ])
}

/** The pattern of strings like this one: "14:18" gives ^\d{2}:\d{2}$. */
function patternOf(value: string): string {
  return `^${value.replace(/\d+/g, ({ length }) => `\\d{${length}}`)}$`
}
