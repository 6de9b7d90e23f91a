/** Reads a JSON body: what Laravel would ignore or guess is refused here with its reason. */
import type { Validator } from '@recoveryconnect/spec/validators'
import type { ContractOperation, Fields } from './operation.ts'
import { invalid, Refusal, reasons } from './refusal.ts'

/** Bodies beyond this many bytes are refused with 413. */
export const largestBody = 64 * 1024

export interface SentBody {
  contentType: string | undefined
  /** Bytes are checked to be UTF-8. */
  content: string | Uint8Array | undefined
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
const encoder = new TextEncoder()

/**
 * The body of a request, checked against the contract; undefined if none was sent and none is needed.
 *
 * @param warn is told of each field that the contract does not know. Such fields are left out of the result.
 * @throws {Refusal} 413 or 422.
 */
export function readBody(
  { contentType, content = '' }: SentBody,
  { required, fields }: NonNullable<ContractOperation['body']>,
  fits: Validator<unknown>,
  warn: (unknown: string) => void,
): unknown {
  if (content.length === 0) {
    if (required) throw unfit('A JSON body is required.')
    return undefined
  }
  checkSize(content, largestBody)
  checkType(contentType)
  const value = parsed(content)
  if (!fits(value)) throw invalid(reasons(fits.errors ?? []))
  return known(value, fields, '', warn)
}

/** @throws {Refusal} 413 if there are more bytes. */
export function checkSize(content: string | Uint8Array, most: number): void {
  // A character takes at most three bytes.
  const isCounted = typeof content !== 'string' || content.length * 3 <= most
  const size = isCounted ? content.length : encoder.encode(content).length
  if (size > most) throw new Refusal(413, { message: `The body must not be larger than ${most} bytes.` })
}

function checkType(contentType: string | undefined): void {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw unfit('The body must be sent with the header Content-Type: application/json.')
}

function parsed(content: string | Uint8Array): unknown {
  let text: string
  try {
    text = typeof content === 'string' ? content : utf8.decode(content)
  } catch {
    throw unfit('The body must be UTF-8.')
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    // The engine's message quotes the body; only the position leaves.
    const position = /at position (\d+)/.exec((error as Error).message)?.[1]
    throw unfit(
      `The body must be JSON; it breaks off ${position ? `at character ${position}` : 'at its end'}.`,
    )
  }
}

/** A copy without the fields that the contract does not know, or the value itself if it knows all. */
function known(value: unknown, fields: Fields, path: string, warn: (unknown: string) => void): unknown {
  if (!fields || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item, index) => known(item, fields, `${path}${index}.`, warn))
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const inner = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (inner === undefined) warn(`${path}${shown(name)}`)
    else copy[name] = known((value as Record<string, unknown>)[name], inner, `${path}${name}.`, warn)
  }
  return copy
}

/** A name goes into a header and a log, so only what looks like one is shown. */
function shown(name: string): string {
  return /^[a-z_][a-z_-]{0,39}$/i.test(name) ? name : '(a name that is not shown)'
}

function unfit(reason: string): Refusal {
  return invalid({ body: [reason] })
}
