/**
 * What a client must do under each fault. This is the only statement of the promises that our clients keep: their
 * READMEs and their tests are made from it.
 */
import type { Call } from './contract.ts'
import type { Expectation, Expectations, Kind } from './expectation.ts'

type Outcome = Expectation['outcome']
type Rest = Partial<Expectation>

/** The number of attempts of our clients. */
const attempts = 3

/** Every call has one outcome, and none is retried. */
function never(outcome: Outcome, mayHave: boolean, rest: Rest = {}): Expectations {
  const one = { outcome, arrivals: 1, attempts: 1, may_have_been_carried_out: mayHave, ...rest }
  return { read: one, update: one, delete: one, create: one }
}

/** Reads, updates and deletes are retried, because they can be repeated. A create is sent once. */
function retried(outcome: Outcome, mayHave = true, rest: Rest = {}): Expectations {
  const once = never(outcome, mayHave, rest)
  const again = { ...once.read, arrivals: attempts, attempts, ...rest }
  return { read: again, update: again, delete: again, create: once.create }
}

/** A client that gets to the API at the second attempt: a create isn't sent a second time. */
function mended(create: Kind, rest: Rest = {}): Expectations {
  const again = never('ok', true, { or: create, arrivals: 2, attempts: 2, ...rest })
  return { ...again, create: never(create, true).create }
}

const ok = never('ok', true)
const unexpected = never('unexpected_response', true)
/** The connection isn't made, so nothing arrives, and not even a create can have been carried out. */
const unreachable = retried('connection', false, { arrivals: 0 })
const contradicted: Expectations = { ...ok, ...pick(never('contradiction', true), 'update', 'create') }
const page: Expectations = { ...ok, read: never('incomplete_list', true).read }
const strictness = never('ok', true, { or: 'unexpected_response' })
/** A limit is a client's choice, but one that holds 64 MiB isn't a limit. */
const limit = never('unexpected_response', true, { or: 'ok' })
const rateLimited = never('rate_limited', false, { arrivals: attempts, attempts })
const waits429 = never('ok', true, { or: 'rate_limited', arrivals: 2, attempts: 2 })
const waits503 = mended('server')

export const expectations = {
  'connection-refused': unreachable,
  'host-not-found': unreachable,
  'untrusted-certificate': unreachable,
  // Nothing is sent. But fetch doesn't tell a failed handshake from a session that breaks later, so `false` is right, too.
  'http-at-https': retried('connection', true, { arrivals: 0 }),
  'reset-before-headers': retried('connection'),
  'closed-before-headers': retried('connection'),
  'reset-during-headers': retried('connection'),
  'reset-during-body': retried('connection'),
  'body-ends-early': retried('connection'),
  'chunked-body-ends-early': retried('connection'),
  'not-http': retried('connection'),
  'wrong-content-encoding': retried('connection', true, { or: 'unexpected_response' }),
  'headers-never-arrive': retried('timeout'),
  'body-never-ends': retried('timeout'),
  'headers-drip': retried('timeout'),
  'reused-connection-reset-before-request': withCreate(mended('connection', { arrivals: 1 }), { or: 'ok' }),
  'reused-connection-reset-after-request': withCreate(mended('connection'), { or: 'ok' }),
  'closed-while-idle': withCreate(mended('connection', { arrivals: 1 }), eitherWay('ok')),
  'response-to-earlier-request': withCreate(mended('connection'), eitherWay('ok')),
  'trailing-bytes': ok,
  'unasked-100-continue': retried('connection', true, eitherWay('ok')),
  '200-html': unexpected,
  '200-truncated-json': unexpected,
  '200-without-body': unexpected,
  '204': unexpected,
  '200-null': unexpected,
  '200-wrong-shape': unexpected,
  '200-array': unexpected,
  '200-nested-deeply': unexpected,
  '200-too-long': limit,
  '200-too-long-after-decompression': limit,
  '200-compressed-bomb': unexpected,
  'redirect-301-host': unexpected,
  'redirect-302-host': unexpected,
  'redirect-303-host': unexpected,
  'redirect-307-host': unexpected,
  'redirect-308-host': unexpected,
  'redirect-301-port': unexpected,
  'redirect-302-port': unexpected,
  'redirect-303-port': unexpected,
  'redirect-307-port': unexpected,
  'redirect-308-port': unexpected,
  'no-contact-contradicted': contradicted,
  'valid-contradicted': contradicted,
  'field-added': ok,
  'field-missing': strictness,
  'field-of-another-type': strictness,
  'integer-beyond-2-53': { ...never('unexpected_response', true, eitherWay('ok')), delete: ok.delete },
  'paged-links': page,
  'paged-top-level': page,
  'paged-total': page,
  '400': never('refused', false),
  '401': never('unauthenticated', false),
  '401-without-body': never('unauthenticated', false),
  '401-new-token-helps': never('ok', true, { or: 'unauthenticated', arrivals: 2, attempts: 2 }),
  '401-new-token-rejected': never('unauthenticated', false, { arrivals: 2, attempts: 2 }),
  '403': never('forbidden', false),
  '404': never('not_found', false),
  '404-html': unexpected,
  '405': never('refused', false),
  '408': retried('refused'),
  '422': never('validation', false),
  '422-html': unexpected,
  '429': rateLimited,
  '429-seconds': waits429,
  '429-fraction': waits429,
  '429-http-date': waits429,
  '429-iso-date': waits429,
  '429-two-headers': waits429,
  '429-unreadable': { ...never('rate_limited', false, { arrivals: attempts }) },
  '499': never('refused', true),
  '500': retried('server'),
  '500-endless-body': retried('server', true, { or: 'timeout' }),
  '502-html': retried('server'),
  '503': retried('server'),
  '503-seconds': waits503,
  '503-fraction': waits503,
  '503-http-date': waits503,
  '503-iso-date': waits503,
  '503-two-headers': waits503,
  '503-unreadable': retried('server', true, { attempts: 1 }),
} satisfies Record<string, Expectations>

export type FaultName = keyof typeof expectations

function eitherWay(or: Outcome): Rest {
  return { or, runtime_decides: true }
}

function withCreate(given: Expectations, rest: Rest): Expectations {
  return { ...given, create: { ...given.create, ...rest } }
}

function pick(given: Expectations, ...calls: Call[]): Partial<Expectations> {
  return Object.fromEntries(calls.map((call) => [call, given[call]]))
}
