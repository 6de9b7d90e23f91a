/** Scripted faults. A test sets them, and they affect its next requests. */
import type { Delivery } from '@recoveryconnect/http/message'
import type { OperationId } from '../core/operation.ts'

export interface Fault {
  /** How many requests the fault affects. */
  requests: number
  /** Affects only requests of this operation. @default any */
  operation?: OperationId
  /** Respond with this documented status and do nothing else. */
  status?: number
  /** Needs a status: the seconds in its `Retry-After`. @default the contract's example for 429, none for others */
  retry_after?: number
  /** Delay the response, in milliseconds. The request itself is handled at once. */
  delay_ms?: number
  /**
   * `drop`: close the connection without handling the request. `drop-response`: handle the request, then close without
   * a response. `cut`: handle it and close in the middle of the body.
   */
  connection?: 'drop' | 'drop-response' | 'cut'
  /** Send the body slowly, in bytes per second. */
  drip?: number
}

/** Takes the first fault that applies to this request, and decrements its number of requests. */
export function takeFault(lists: Fault[][], operation: OperationId): Fault | undefined {
  for (const faults of lists) {
    const index = faults.findIndex((fault) => fault.operation === undefined || fault.operation === operation)
    const fault = faults[index]
    if (!fault) continue
    if (--fault.requests <= 0) faults.splice(index, 1)
    return fault
  }
  return undefined
}

export function deliveryOf({ delay_ms, connection, drip }: Fault): Delivery {
  return {
    delayMs: delay_ms ?? 0,
    ...(connection && { connection: connection === 'cut' ? 'cut' : 'drop' }),
    ...(drip && { dripBytesPerSecond: drip }),
  }
}
