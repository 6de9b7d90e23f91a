/** The cases that the judge sends to an adapter: one call under one fault. */
import { type Call, findOperation, type Operation } from './contract.ts'
import type { FaultEntry } from './list.ts'
import { personalData } from './personal-data.ts'

/** One line on the adapter's stdin. */
export interface Case {
  /** Names the case in the reply. */
  id: string
  /** The `operationId`. */
  operation: string
  method: string
  /** The base URL for a client. */
  base_url: string
  /** The path below it, with its ids. */
  path: string
  token: string
  /** The path parameters, by name. */
  ids: Record<string, number>
  body?: object
  /** How long the call may take, in milliseconds. */
  deadline_ms: number
  /** The token to use after the first one was rejected. */
  new_token?: string
}

const { number, memo } = personalData
/** An update that forbids contact, so that a repeated one does no harm. */
const body = { type: 6, number: number.replaceAll('-', ''), memo, valid: 0, no_contact: 1 }

const paths: Record<Call, string> = {
  read: '/phones',
  create: '/phones',
  update: '/phones/39317578',
  delete: '/phones/39317578',
}
const borrower = '/api/v140/orders/57062885/borrowers/124927241'

/** @param token names the run. */
export function createCase(entry: FaultEntry, call: Call, token: string): Case {
  const method = { read: 'GET', update: 'PUT', delete: 'DELETE', create: 'POST' }[call]
  return {
    id: `${entry.name}/${call}`,
    ...locate(method, borrower + paths[call]),
    base_url: entry.base_url,
    token,
    ...((call === 'update' || call === 'create') && { body }),
    deadline_ms: entry.deadline_ms,
    ...(entry.new_token && { new_token: `${token}.renewed` }),
  }
}

/** A read that opens a connection, which the call then uses again. It isn't judged. */
export function createWarmUp(entry: FaultEntry, token: string): Case {
  const id = `${entry.name}/warm-up`
  const { base_url, deadline_ms } = entry
  return { id, ...locate('GET', '/api/v140/orders/57062885/borrowers'), base_url, token, deadline_ms }
}

function locate(method: string, path: string): Pick<Case, 'operation' | 'method' | 'path' | 'ids'> {
  const operation = findOperation(method, path)
  if (!operation) throw new Error(`The contract has no operation ${method} ${path}.`)
  return { operation: operation.id, method, path, ids: idsOf(operation, path) }
}

function idsOf({ path: template }: Operation, path: string): Record<string, number> {
  const values = path.split('/')
  const parts = template.split('/').map((part, index) => [part, values[index]])
  return Object.fromEntries(
    parts
      .filter(([part]) => part?.startsWith('{'))
      .map(([part = '', value]) => [part.slice(1, -1), Number(value)]),
  )
}
