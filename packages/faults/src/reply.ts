/** The replies of an adapter: what they contain, and what can be wrong with them. */
import { isObject } from './contract.ts'
import { kinds } from './expectation.ts'
import { quoteSafely } from './personal-data.ts'

/** One line from the adapter's stdout. */
export interface Reply {
  id: string
  /** `ok`, the kind of the error, or `error` if the adapter doesn't know the kind. */
  outcome: string
  /** The number of requests that the client says it sent. */
  attempts?: number
  /** What the client says about its error. */
  may_have_been_carried_out?: boolean
  /** What the client printed or logged. */
  output?: string
  /** The id of the record that the client returned, or of the first one in a list. It's a string, because a JSON parser can round a number. */
  record_id?: string
}

/** The optional fields of a reply, with their types. */
const optional = {
  attempts: 'number',
  may_have_been_carried_out: 'boolean',
  output: 'string',
  record_id: 'string',
}

/**
 * Parses a reply, or says what is wrong with it.
 *
 * @param second another line that came after the reply
 */
export function parseReply(line: string, id: string, second: string): Reply | Error {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    const text = quoteSafely(line)
    return new Error(`The adapter printed a line to stdout that isn't JSON${text && `: ${text}`}`)
  }
  if (second)
    return new Error(`The adapter printed a second line to stdout for one case: ${quoteSafely(second)}`)
  if (!isObject(value)) return new Error("The adapter printed JSON to stdout that isn't an object.")
  const show = (name: string) => quoteSafely(`${JSON.stringify(value[name])}`)
  if (value.id !== id)
    return new Error(`The adapter replied to another case: the id is ${show('id')}, not "${id}".`)
  if (!['ok', 'error', ...kinds].some((outcome) => outcome === value.outcome))
    return new Error(
      `The outcome in the reply is ${show('outcome')}. It must be "ok", "error", or the kind of the error, such as "timeout".`,
    )
  // Some languages write null for a field that isn't there.
  const reply = Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null))
  const wrong = Object.entries(optional).find(([name, type]) => name in reply && typeof reply[name] !== type)
  if (wrong) return new Error(`${wrong[0]} in the reply must be a ${wrong[1]}, not ${show(wrong[0])}.`)
  return reply as unknown as Reply
}
