/** The list of all faults, as `GET /faults` returns it. */
import type { Expectations } from './expectation.ts'
import { expectations } from './expectations.ts'
import type { Fault } from './fault.ts'
import { faults } from './faults.ts'

/** Where the parts of the server listen. */
export interface Places {
  url: string
  /** The same host with another port. */
  otherPort: string
  /** `localhost`, which is another host than an address. */
  otherHost: string
  secure: string
  /** A port that refuses connections. */
  closed: string
}

/** A fault in the list. */
export interface FaultEntry {
  name: string
  title: string
  /** What happens. */
  what: string
  /** The base URL for a client. The paths of the API come after it. */
  base_url: string
  /** Whether a read comes before the call, with the same token and the same HTTP client, so that a connection is open. */
  warm_up: boolean
  /** Whether the client needs `<token>.renewed` as its second token. */
  new_token: boolean
  /** The id of the first record in the response, if the fault is about the id. */
  record_id?: string
  /** The time that the call may take in milliseconds. */
  deadline_ms: number
  expect: Expectations
}

/** Long enough for a busy machine, and for the pauses before two retries. */
const usualDeadlineMs = 10_000
/** For the faults in which every client has to wait for it. */
const shortDeadlineMs = 500
/** One character too long for DNS, so that the lookup fails without a name server. */
const unknownHost = [
  'no-such-host',
  ...Array<string>(3).fill('x'.repeat(63)),
  'x'.repeat(41),
  'invalid',
].join('.')

export function listFaults(places: Places): FaultEntry[] {
  return faults.map((fault) => {
    const { name, title, what, recordId, warmUp = false, newToken = false } = fault
    const expect = expectations[name]
    const isTimeout = expect.create.outcome === 'timeout'
    return {
      name,
      title,
      what,
      base_url: `${originOf(fault, places)}/${name}`,
      warm_up: warmUp,
      new_token: newToken,
      ...(recordId && { record_id: recordId }),
      deadline_ms: isTimeout ? shortDeadlineMs : usualDeadlineMs,
      expect,
    }
  })
}

function originOf({ place }: Fault, { url, secure, closed }: Places): string {
  if (!place) return url
  const origins = {
    'closed port': closed,
    'unknown host': `https://${unknownHost}`,
    'untrusted certificate': secure,
    'HTTP port with https': url.replace('http:', 'https:'),
  }
  return origins[place]
}
