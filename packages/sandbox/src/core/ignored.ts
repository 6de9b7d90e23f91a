/** Warns of what a request sends and the contract doesn't know. Laravel ignores it, so a mistake would go unnoticed. */
import { queryOf } from '@recoveryconnect/http/target'
import { redactName } from '../world/redact-name.ts'
import type { ContractOperation } from './operation.ts'

/** Names of fields and query parameters, redacted. */
export interface Ignored {
  fields: string[]
  parameters: string[]
}

/** Lists the query parameters of a request. The contract knows none. `page` counts only if there are no pages. */
export function listIgnoredParameters(target: string, hasPages: boolean): string[] {
  if (!target.includes('?')) return []
  return [...queryOf(target).keys()].filter((name) => !(hasPages && name === 'page')).map(redactName)
}

/** Names at most five fields and five parameters. Returns an empty string if nothing was ignored. */
export function describeIgnored({ fields, parameters }: Ignored, operation?: ContractOperation): string {
  if (fields.length === 0 && parameters.length === 0) return ''
  const first = (names: string[]) => [...new Set(names)].slice(0, 5).join(', ')
  const known = operation?.body?.fields?.join(', ')
  return [
    ...(fields.length > 0 ? [`Ignored unknown fields: ${first(fields)}. Known: ${known}.`] : []),
    ...(parameters.length > 0 ? [`Ignored query parameters: ${first(parameters)}.`] : []),
  ].join(' ')
}
