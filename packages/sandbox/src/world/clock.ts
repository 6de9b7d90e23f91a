/** The contract's timestamps, in UTC, and the clock of a world, which a test can script. */

/** A scripted clock in milliseconds. Each write takes the next time; the last one stays. Empty: real time. */
export interface Clock {
  times: number[]
}

/** The second that was formatted last, because most requests are in the same one. */
let latest = { second: Number.NaN, text: '' }

/** @example timestamp(Date.UTC(2026, 2, 7, 14, 3, 51)) // '2026-03-07 14:03:51' */
export function timestamp(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000)
  if (second !== latest.second)
    latest = { second, text: new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ') }
  return latest.text
}

/** Parses `YYYY-MM-DD HH:MM:SS`. Returns undefined if the text has another format, or the day doesn't exist. */
export function parseTimestamp(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined
  const time = Date.parse(`${text.replace(' ', 'T')}Z`)
  return Number.isNaN(time) || timestamp(time) !== text ? undefined : time
}

export function timeIn({ times }: Clock, now: () => number): number {
  return times[0] ?? now()
}

export function timeOfWrite(clock: Clock, now: () => number): number {
  const time = timeIn(clock, now)
  if (clock.times.length > 1) clock.times.shift()
  return time
}
