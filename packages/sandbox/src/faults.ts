/** Scripted faults: what the next requests meet instead of, or on the way to, their answer. */
import type { OperationId } from './operation.ts'

export interface Fault {
  /** How many requests meet it. */
  requests: number
  /** Only requests of this operation. @default any */
  operation?: OperationId
  /** Answer with this documented status; nothing is carried out. */
  status?: number
  /** With a status: the seconds of its `Retry-After`. @default the contract's example for 429, none for others */
  retry_after?: number
  /** Wait before the answer, in milliseconds. What was asked for is carried out at once. */
  delay_ms?: number
  /**
   * `drop`: close the connection, nothing is carried out. `drop-answer`: carry the request out, then close without
   * a word. `cut`: carry it out and close in the middle of the body.
   */
  connection?: 'drop' | 'drop-answer' | 'cut'
}

/** What the shell does to the answer on its way out. */
export interface Delivery {
  delayMs: number
  connection?: 'drop' | 'cut'
}

/** Takes the first fault that this request meets, and counts it down. */
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

export function deliveryOf({ delay_ms, connection }: Fault): Delivery {
  return {
    delayMs: delay_ms ?? 0,
    ...(connection && { connection: connection === 'cut' ? 'cut' : 'drop' }),
  }
}
