/** Reads JSON of unknown shape without a cast at every step. */

export type Json = Record<string, unknown>

export const isString = (value: unknown) => typeof value === 'string'

export const isJsonObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Returns the value if it's an object, or else an empty object. */
export const jsonObject = (value: unknown): Json => (isJsonObject(value) ? value : {})

/** Returns the value if it's an array, or else an empty array. */
export const jsonArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** The type as JSON Schema names it. */
export function jsonType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}
