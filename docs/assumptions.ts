/** Lists the claims of the contract that aren't in the vendor's document, and the places that rest on them. */
import type { Mark, Schema } from '@recoveryconnect/spec/model'
import { linkTo, model } from './reference.ts'

/** Each claim of a kind, with its places as Markdown. */
export function listClaims(kind: Mark['kind']): { text: string; places: string[] }[] {
  const claims = model.marks.filter((mark) => mark.kind === kind)
  return [...Map.groupBy(claims, ({ text }) => text)].map(([text, same]) => ({
    text,
    places: [...new Set(same.map(({ pointer }) => placeOf(pointer)))],
  }))
}

/** Returns a readable name for the smallest part of the contract that contains a pointer. */
function placeOf(pointer: string): string {
  const place = places.get(pointer)
  const around = pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')))
  return place ?? (around === '' ? `\`${pointer}\`` : placeOf(around))
}

const places = new Map<string, string>([
  ['#/servers', 'the server'],
  ...Object.values(model.schemas).flatMap((schema) => [...nameFields(schema, schema.name ?? '')]),
  ...Object.values(model.examples).map(({ pointer, summary }): [string, string] => [
    pointer,
    `the example "${summary}"`,
  ]),
])
for (const { id, summary, pointer, parameters, responses } of model.operations) {
  places.set(pointer, `[${summary}](${linkTo.operation(id)})`)
  for (const parameter of parameters) places.set(parameter.pointer, `\`${parameter.name}\` in the path`)
  for (const { pointer, status } of responses.filter(({ component }) => component !== undefined))
    places.set(pointer, `[status ${status}](${linkTo.status(status)})`)
}

function* nameFields(schema: Schema, name: string): Generator<[pointer: string, place: string]> {
  yield [schema.pointer, `[${name}](${linkTo.schema(name.replace(/\..*/, ''))})`]
  for (const [field, inner] of Object.entries(schema.properties))
    if (inner.pointer.startsWith(`${schema.pointer}/`)) yield* nameFields(inner, `${name}.${field}`)
}
