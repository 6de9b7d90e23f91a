import type { Place, Row } from '../world/journal.ts'
import type { World } from '../world/store.ts'
import { HttpError } from './http-error.ts'
import type { ContractOperation } from './operation.ts'

/**
 * Finds the list that a path leads to, and the record if the path names one.
 *
 * @throws {HttpError} 404 if the world doesn't have a record that the path names.
 */
export function findRecords(
  world: World,
  { collections }: ContractOperation,
  params: Record<string, number>,
): { place: Place; record: Row | undefined } {
  const ids = Object.values(params)
  let place = ''
  let record: Row | undefined
  for (const [depth, collection] of collections.entries()) {
    place = [...ids.slice(0, depth), collection].join('/')
    const id = ids[depth]
    record = id === undefined ? undefined : world.find(place, id)
    if (id === undefined || record) continue
    const named = Object.keys(params).slice(0, depth + 1)
    throw new HttpError(404, {
      message: `Not found: this world has no record with these ids: ${named.join(', ')}.`,
    })
  }
  return { place, record }
}
