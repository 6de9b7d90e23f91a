/** Reads and checks JSON bodies. Reports problems with a body in Laravel's wording. */
import { type HttpError, tooLarge } from '@recoveryconnect/http/http-error'
import type { Misfit, Validator } from '@recoveryconnect/spec/validators'
import { redactName } from '../world/redact-name.ts'
import { validationError } from './http-error.ts'
import type { ContractOperation } from './operation.ts'

/** In bytes. A larger body is a 413. */
export const bodyLimit = 64 * 1024

interface ReceivedBody {
  contentType: string | undefined
  /** Bytes must be UTF-8. */
  content: string | Uint8Array | undefined
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
const encoder = new TextEncoder()

/**
 * Reads the body of a request and checks it against the contract.
 *
 * @param onUnknown is called for each field that the contract doesn't know. The result leaves such fields out.
 * @returns the body; undefined if there is none and the operation doesn't require one, or if it doesn't take a body.
 * @throws {HttpError} 413 or 422.
 */
export function readBody(
  { contentType, content = '' }: ReceivedBody,
  { body }: ContractOperation,
  validate: Validator<unknown> | undefined,
  onUnknown: (name: string) => void,
): unknown {
  if (!body || !validate) return undefined
  if (content.length === 0) {
    if (body.required) throw invalidBody('A JSON body is required.')
    return undefined
  }
  checkSize(content, bodyLimit)
  checkType(contentType)
  const value = parseJson(content)
  if (!validate(value)) throw validationError(describeMisfits(validate.errors ?? []))
  return body.fields ? dropUnknownFields(value, body.fields, onUnknown) : value
}

/** @throws {HttpError} 413 if the content has more bytes than the limit. */
export function checkSize(content: string | Uint8Array, limit: number): void {
  // A character takes at most three bytes, so most texts don't have to be counted.
  const isShort = typeof content !== 'string' || content.length * 3 <= limit
  const size = isShort ? content.length : encoder.encode(content).length
  if (size > limit) throw tooLarge(limit)
}

function checkType(contentType: string | undefined): void {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (type === 'application/json') return
  const instead = 'with the header Content-Type: application/json.'
  if (type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data')
    throw invalidBody(`The body is a form. Send JSON instead, such as {"valid": 0}, ${instead}`)
  throw invalidBody(`Send the body ${instead}`)
}

function parseJson(content: string | Uint8Array): unknown {
  let text: string
  try {
    text = typeof content === 'string' ? content : utf8.decode(content)
  } catch {
    throw invalidBody("The body isn't valid UTF-8.")
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    // The engine's message quotes the body, so only the position is used.
    const position = /at position (\d+)/.exec((error as Error).message)?.[1]
    throw invalidBody(
      `The body isn't valid JSON: error at ${position ? `character ${position}` : 'the end'}.`,
    )
  }
}

function dropUnknownFields(value: unknown, fields: string[], onUnknown: (name: string) => void): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const unknown = Object.keys(value).filter((name) => !fields.includes(name))
  if (unknown.length === 0) return value
  for (const name of unknown) onUnknown(redactName(name))
  return Object.fromEntries(Object.entries(value).filter(([name]) => fields.includes(name)))
}

function invalidBody(reason: string): HttpError {
  return validationError({ body: [reason] })
}

/** Describes what is wrong with each field, without any value from the request. */
function describeMisfits(misfits: readonly Misfit[]): Record<string, string[]> {
  const groups = Map.groupBy(misfits, fieldOf)
  return Object.fromEntries(
    [...groups].map(([field, all]) => [field, all.map((misfit) => describeMisfit(misfit, field))]),
  )
}

/** Laravel writes `phones.0.number` for a nested field. It has no name for the body itself. */
function fieldOf({ instancePath, params }: Misfit): string {
  const parts = instancePath.split('/').slice(1)
  if (typeof params.missingProperty === 'string') parts.push(params.missingProperty)
  return parts.join('.') || 'body'
}

/** Laravel's wording, with the allowed values added. */
function describeMisfit({ keyword, params, message }: Misfit, field: string): string {
  const label = field.replaceAll('_', ' ')
  if (keyword === 'required') return `The ${label} field is required.`
  if (keyword === 'type') return `The ${label} must be ${[params.type].flat().map(withArticle).join(' or ')}.`
  if (keyword === 'enum') {
    return `The selected ${label} is invalid. Allowed: ${(params.allowedValues as unknown[]).join(', ')}.`
  }
  return `The ${label} ${message ?? 'is invalid'}.`
}

function withArticle(type: unknown): string {
  if (type === 'null') return 'null'
  return type === 'integer' || type === 'object' || type === 'array' ? `an ${type}` : `a ${type}`
}
