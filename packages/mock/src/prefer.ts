import { STATUS_CODES } from 'node:http'
import { Refusal } from './refusal.ts'

/** One documented response of an operation. */
export interface Documented {
  /** As the contract writes it: `404`, or the range `4XX`. */
  code: string
  /** Its named examples, each with the status that it stands for. */
  examples: { name: string; status: number }[]
}

/** The answer that a request asks for. */
export interface Wish {
  status: number
  /** The example to serve, or undefined for the first one. */
  example?: string
  /** The range has examples, but none for this status: its body says what the status says. */
  body?: { message: string }
}

/**
 * Which documented answer a `Prefer` header asks for: by `code` (a status, or a range as the contract writes it),
 * by `example`, or by both. Other preferences are ignored.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7240
 * @returns undefined where nothing is asked for, and a Refusal (400) where the contract documents no such answer: its
 * message lists those that it does.
 */
export function wishOf(header: string, responses: Documented[]): Wish | Refusal | undefined {
  const { code, example } = preferencesIn(header)
  if (code === undefined && example === undefined) return
  if (code !== undefined && !/^[1-5](\d\d|XX)$/i.test(code)) {
    return new Refusal(400, 'Prefer: "code" has to be a status such as 404, or a range such as 5XX.')
  }
  const found =
    code === undefined ? byExample(responses, example) : byCode(responses, code.toUpperCase(), example)
  if (found) return found
  const asked = [code && `code=${code}`, example !== undefined && `example=${example}`]
    .filter(Boolean)
    .join(', ')
  return new Refusal(400, `Prefer: no answer is documented for ${asked}. There are: ${listOf(responses)}.`)
}

function byExample(responses: Documented[], name: string | undefined): Wish | undefined {
  const example = responses.flatMap(({ examples }) => examples).find((example) => example.name === name)
  return example && { status: example.status, example: example.name }
}

function byCode(responses: Documented[], code: string, name: string | undefined): Wish | undefined {
  const range = `${code[0]}XX`
  const response =
    responses.find((response) => response.code === code) ??
    responses.find((response) => response.code === range)
  const example = response?.examples.find(
    ({ name: given, status }) => given === (name ?? given) && (code === range || status === Number(code)),
  )
  if (example) return { status: example.status, example: example.name }
  if (!response || name !== undefined) return
  const status = Number(code.replace('XX', '00'))
  if (response.examples.length === 0) return { status }
  return { status, body: { message: STATUS_CODES[status] ?? `Status ${status}` } }
}

function listOf(responses: Documented[]): string {
  return responses
    .map(({ code, examples }) => `${code} (${examples.map(({ name }) => name).join(', ')})`)
    .join('; ')
}

function preferencesIn(header: string): Record<string, string> {
  const preferences = header.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s,;"]*))/g)
  return Object.fromEntries(
    [...preferences].map(([, name = '', quoted, bare = '']) => [name.toLowerCase(), quoted ?? bare]),
  )
}
