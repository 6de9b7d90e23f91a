/** Connects a generated client to the judge of `@recoveryconnect/faults`: one call for each line on stdin. */
import { createInterface } from 'node:readline'
import { inspect } from 'node:util'

export interface Case {
  id: string
  operation: string
  base_url: string
  token: string
  ids: { order_id: number; borrower_id: number; phone_id: number }
  body: { type: number; number: string; memo: string; valid: 0 | 1; no_contact: 0 | 1 }
  deadline_ms: number
}

/** By operation. Each one throws unless the call succeeds. */
export type Calls = Record<string, () => Promise<unknown>>

/** Whether to use the settings that mend the client. */
export const mended = process.argv[2] === 'mended'

export async function serve(connect: (sent: Case) => Calls): Promise<void> {
  for await (const line of createInterface(process.stdin)) {
    const sent: Case = JSON.parse(line)
    const reply = { id: sent.id, outcome: 'ok', output: '' }
    try {
      const record_id = findId(await connect(sent)[sent.operation]?.())
      if (sent.operation !== 'deleteBorrowerPhone') Object.assign(reply, { record_id })
    } catch (error) {
      Object.assign(reply, { outcome: 'error', output: inspect(error) })
    }
    console.log(JSON.stringify(reply))
  }
}

/** Settings for `fetch`. */
export function mend({ deadline_ms }: Case): Pick<RequestInit, 'redirect' | 'signal'> {
  return mended ? { redirect: 'error', signal: AbortSignal.timeout(deadline_ms) } : {}
}

/** For clients that return error responses. @throws {Error} unless the response has a status of 2xx. */
export async function check<Given extends { status: number }>(response: Promise<Given>): Promise<Given> {
  const given = await response
  if (given.status < 200 || given.status > 299) throw new Error(`Status ${given.status}`)
  return given
}

/** Finds the id of the record, or of the first record of a list, wherever a client puts the body. */
function findId(result: unknown): string | undefined {
  let value = result
  // Not recursive, because one of the faults is a body that is nested deeply.
  for (let depth = 0; depth < 5 && typeof value === 'object' && value !== null; depth++) {
    if ('id' in value) return String(value.id)
    value = 'data' in value ? value.data : Object.values(value)[0]
  }
  return undefined
}
