/** Holds each schema of the contract against all that the vendor's tables and samples show at its place. */
import { isDeepStrictEqual } from 'node:util'
import { jsonArray as array, isString, type Json, jsonType, jsonObject as object } from './json.ts'
import type { DocumentedOperation, Field } from './facts.ts'

type Direction = 'request' | 'response'

/** What the document shows where a schema stands. Several operations may share a schema. */
interface Evidence {
  where: string
  direction: Direction
  name: string
  samples: unknown[]
  fields: Field[]
  /** The operations of the same resource, whose fields of the same name mean the same. */
  siblings: DocumentedOperation[]
}

/** Keywords of a schema that say nothing about what goes over the wire. */
const silent = new Set(['description', 'title', 'examples', 'x-question', 'x-source', 'x-assumed'])

/**
 * Collects evidence schema by schema, then judges: a shared schema is only known once all that use it were seen.
 *
 * @param report is told about each finding, with the object of the contract that it concerns.
 */
export function schemaJudge(
  resolve: (node: unknown) => Json,
  report: (node: unknown, where: string, what: string) => void,
) {
  const schemas = new Map<Json, Evidence>()
  return { collect, judge: () => schemas.forEach(judgeSchema) }

  /** Walks a schema beside its samples and table rows. */
  function collect(reference: unknown, { samples, ...evidence }: Evidence): void {
    const schema = resolve(reference)
    const { where, direction, fields, siblings } = evidence
    const earlier = schemas.get(schema)
    if (earlier) earlier.samples.push(...samples)
    else schemas.set(schema, { ...evidence, samples: [...samples] })
    for (const [name, property] of Object.entries(object(schema.properties))) {
      const holders = samples.map(object).filter((sample) => name in sample)
      collect(property, {
        where: `${where}.${name}`,
        direction,
        name,
        samples: holders.map((holder) => holder[name]),
        fields: fields.filter((field) => field.name === name),
        siblings,
      })
    }
    if (schema.items) {
      collect(schema.items, {
        where: `${where}[]`,
        direction,
        name: '',
        samples: samples.flatMap(array),
        fields: [],
        siblings,
      })
    }
  }

  function judgeSchema(evidence: Evidence, schema: Json): void {
    const seen = seenValues(evidence)
    for (const [keyword, claim] of Object.entries(schema)) {
      if (silent.has(keyword) || isSupported(keyword, claim, schema, seen, evidence)) continue
      report(schema, evidence.where, `${keyword} ${JSON.stringify(claim)} is not documented`)
    }
    // A mark may widen a type beyond the samples, never past them.
    const types = [schema.type ?? seen.map(jsonType)].flat()
    for (const type of new Set(seen.map(jsonType))) {
      if (!types.includes(type)) report(schema, evidence.where, `${type} is documented but refused`)
    }
    if (schema.properties) judgeProperties(schema, evidence)
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
        return isDeepStrictEqual(new Set(array(claim)), codesOf(evidence))
      case 'pattern':
        return seen.some(isString) && seen.filter(isString).every((value) => shapeOf(value) === claim)
      case 'properties':
      case 'items':
        return true
      case 'required':
        return array(claim).every((property) => isRequired(String(property), evidence))
      default:
        return false
    }
  }

  /** Each property is documented, each documented field is there, and what must be required is. */
  function judgeProperties(schema: Json, evidence: Evidence): void {
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

  /** The one rule: in every sample of an answer, mandatory in the table of a request. */
  function isRequired(name: string, { direction, samples, fields }: Evidence): boolean {
    if (direction === 'request') return fields.some((field) => field.name === name && field.mandatory)
    return samples.every((sample) => name in object(sample))
  }

  /** The samples at this place, and those of its namesakes in the other operations of the resource. */
  function seenValues({ name, direction, samples, siblings }: Evidence): unknown[] {
    if (['', 'data', 'meta'].includes(name)) return samples
    return [...samples, ...siblings.flatMap((operation) => namesakes(operation[direction], name))]
  }

  function codesOf({ name, siblings }: Evidence): Set<unknown> {
    const rows = siblings.flatMap(({ fields }) => fields.filter((field) => field.name === name))
    return new Set(rows.flatMap(({ codes }) => codes))
  }
}

/** Every value that stands under this name, at any depth but in `meta`, which is about the vendor's code. */
function namesakes(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesakes(item, name))
  const { meta: _, ...rest } = object(value)
  return Object.entries(rest).flatMap(([key, child]) => [
    ...(key === name ? [child] : []),
    ...namesakes(child, name),
  ])
}

/** The pattern that fits a string of this shape and no other: "14:18" is ^\d{2}:\d{2}$. */
function shapeOf(value: string): string {
  return `^${value.replace(/\d+/g, ({ length }) => `\\d{${length}}`)}$`
}
