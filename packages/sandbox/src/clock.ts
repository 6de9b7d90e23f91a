/** The contract's timestamps, taken as UTC, and a clock that a test can script. */
import type { World } from './store.ts'

/** @example timestamp(Date.UTC(2026, 2, 7, 14, 3, 51)) // '2026-03-07 14:03:51' */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')
}

/** Milliseconds of a `YYYY-MM-DD HH:MM:SS`; undefined if it is none, or no day of the calendar. */
export function milliseconds(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined
  const time = Date.parse(`${text.replace(' ', 'T')}Z`)
  return Number.isNaN(time) || timestamp(time) !== text ? undefined : time
}

/** What time it is in this world. */
export function timeIn(world: World, now: () => number): number {
  return world.times[0] ?? now()
}

/** The same for a write, which moves a scripted clock on. */
export function timeOfWrite(world: World, now: () => number): number {
  const time = timeIn(world, now)
  if (world.times.length > 1) world.times.shift()
  return time
}
