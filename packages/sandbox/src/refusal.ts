/** Why a request is refused, in the contract's error shapes: what was wrong, where, and what would be right. */
import type { Misfit } from '@recoveryconnect/spec/validators'

export interface RefusalDetails {
  /** A sentence for people. By default the documented example of the status answers. */
  message?: string
  /** Reasons by field, for 422. */
  errors?: Record<string, string[]>
  headers?: Record<string, string>
}

/**
 * Thrown where a request cannot go on; the kernel turns it into the answer.
 *
 * @example throw new Refusal(404, { message: 'Not found: this borrower has no such phone.' })
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly errors: Record<string, string[]> | undefined
  readonly headers: Record<string, string>

  constructor(status: number, { message = '', errors, headers = {} }: RefusalDetails = {}) {
    super(message)
    this.status = status
    this.errors = errors
    this.headers = headers
  }
}

/** A 422 with Laravel's sentence and the reasons for each field. */
export function invalid(errors: Record<string, string[]>): Refusal {
  return new Refusal(422, { message: 'The given data was invalid.', errors })
}

/** What may be said of an unexpected error: its message might hold what was sent. */
export function kindOf({ name, code }: Error & { code?: string }): string {
  return code ?? name
}

/** What the compiled contract has against a body, by field, without any value that was sent. */
export function reasons(misfits: readonly Misfit[]): Record<string, string[]> {
  const errors: Record<string, string[]> = {}
  for (const misfit of misfits) {
    const field = fieldOf(misfit)
    errors[field] ??= []
    errors[field].push(reason(misfit, field))
  }
  return errors
}

/** Laravel writes `phones.0.number` for a nested field, and the body itself has no name. */
function fieldOf({ instancePath, params }: Misfit): string {
  const parts = instancePath.split('/').slice(1)
  if (typeof params.missingProperty === 'string') parts.push(params.missingProperty)
  return parts.join('.') || 'body'
}

/** Laravel's wording; its list of allowed values and types is what would be right. */
function reason({ keyword, params, message }: Misfit, field: string): string {
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
