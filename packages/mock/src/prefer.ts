import { STATUS_CODES } from 'node:http'
import { HttpError } from '@recoveryconnect/http/http-error'
import { readPrefer } from '@recoveryconnect/http/prefer'
import type { Response } from '@recoveryconnect/spec/model'

/** The documented response that a request asks for. */
export interface Preference {
  status: number
  /** The name of the example to send. Default: the first one. */
  example?: string
  /** Sent instead of an example if the range has examples, but none for this status. */
  body?: { message: string }
}

/**
 * Reads which documented response a `Prefer` header asks for: by `code` (a status or a documented range), by `example`,
 * or by both. Ignores other preferences.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7240
 * @returns undefined if the header asks for neither; an `HttpError` (400) if the header can't be read, or that lists
 * the documented responses if the requested one isn't among them.
 */
export function readPreference(header: string, responses: Response[]): Preference | HttpError | undefined {
  const wish = readPrefer(header)
  if (typeof wish === 'string') return new HttpError(400, { message: wish })
  const { code, example } = wish
  if (code === undefined && example === undefined) return
  if (code !== undefined && !/^[1-5](\d\d|XX)$/i.test(code)) {
    const message = 'Prefer: "code" must be a status such as 404 or a range such as 5XX.'
    return new HttpError(400, { message })
  }
  const found =
    code === undefined
      ? findByExample(responses, example)
      : findByCode(responses, code.toUpperCase(), example)
  if (found) return found
  const preferences = [code && `code=${code}`, example !== undefined && `example=${example}`]
  const requested = preferences.filter(Boolean).join(', ')
  const available = responses.map(
    ({ status, examples }) => `${status} (${examples.map(({ name }) => name).join(', ')})`,
  )
  const message = `Prefer: the contract has no response for ${requested}. It has: ${available.join('; ')}.`
  return new HttpError(400, { message })
}

/** Prism looks only in the success response: Prefer: example=too-many-requests. */
function findByExample(responses: Response[], name: string | undefined): Preference | undefined {
  const example = responses.flatMap(({ examples }) => examples).find((example) => example.name === name)
  return example?.status === undefined ? undefined : { status: example.status, example: example.name }
}

/**
 * Prism sends the example of a 500 for "code=503" and of a 403 for "code=409", a 200 for "code=404, example=no-phones",
 * and a 404 for "code=302".
 */
function findByCode(responses: Response[], code: string, name: string | undefined): Preference | undefined {
  const range = `${code[0]}XX`
  const response =
    responses.find(({ status }) => status === code) ?? responses.find(({ status }) => status === range)
  const example = response?.examples.find(
    (example) =>
      example.name === (name ?? example.name) && (code === range || example.status === Number(code)),
  )
  if (example?.status) return { status: example.status, example: example.name }
  if (!response || name !== undefined) return
  const status = Number(code.replace('XX', '00'))
  if (response.examples.length === 0) return { status }
  return { status, body: { message: STATUS_CODES[status] ?? `Status ${status}` } }
}
