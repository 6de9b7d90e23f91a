/** Compares what a client did with what it must do. */
import type { Case } from './cases.ts'
import type { Call } from './contract.ts'
import type { Expectation } from './expectation.ts'
import type { FaultEntry } from './list.ts'
import { findSecrets, quoteSafely } from './personal-data.ts'
import type { Reply } from './reply.ts'
import type { Arrivals } from './runs.ts'

export interface Evidence {
  entry: FaultEntry
  call: Call
  sent: Case
  reply: Reply
  /** Everything that the adapter printed. */
  printed: string
  arrivals: Arrivals
}

/** Returns what a user of the client suffers, one sentence each. Empty if the client does what it must. */
export function findProblems(evidence: Evidence): string[] {
  const { entry, call } = evidence
  const expected = entry.expect[call]
  return [
    ...findDuplicates(evidence, expected),
    ...findSilence(evidence, expected),
    ...findElsewhere(evidence),
    ...findWrongOutcome(evidence, expected),
    ...findWrongDetails(evidence, expected),
    ...findWrongRecord(evidence),
    ...findLeaks(evidence),
  ]
}

function findDuplicates({ call, sent, entry, arrivals }: Evidence, expected: Expectation): string[] {
  const times = arrivals.requests[sent.operation] ?? 0
  const problems = []
  if (times > expected.arrivals) {
    const what = `The ${call} arrived ${times === 1 ? 'once' : `${times} times`}`
    if (entry.name === 'untrusted-certificate')
      problems.push(`${what} at a server whose certificate isn't trusted.`)
    else if (call === 'create' && expected.may_have_been_carried_out)
      problems.push(`${what}: the borrower has a duplicate record.`)
    else problems.push(`${what}, rather than ${expected.arrivals} at most.`)
  }
  if (arrivals.early) problems.push('The client retried before the time in Retry-After.')
  return problems
}

/** A client that reports an error of the server must have reached it. A short deadline can pass before that. */
function findSilence(
  { entry, sent, reply, arrivals }: Evidence,
  { outcome, arrivals: most }: Expectation,
): string[] {
  const mayBeSilent = most === 0 || entry.warm_up || outcome === 'timeout' || reply.outcome === 'ok'
  if (mayBeSilent || arrivals.requests[sent.operation]) return []
  return ['The adapter replied with an error before any request arrived.']
}

function findElsewhere({ arrivals: { elsewhere } }: Evidence): string[] {
  const place = elsewhere[0]?.origin.includes('localhost') ? 'another host' : 'another port'
  const went = { token: 'The token', number: 'The number', body: 'The body' }
  const names = (Object.keys(went) as (keyof typeof went)[]).filter((name) =>
    elsewhere.some((request) => request[name]),
  )
  if (names.length === 0 && elsewhere.length) return [`The client followed a redirect to ${place}.`]
  return names
    .filter((name) => name !== 'body' || !names.includes('number'))
    .map((name) => `${went[name]} was sent to ${place}.`)
}

function findWrongOutcome(
  { entry, sent, reply, arrivals }: Evidence,
  { outcome, or }: Expectation,
): string[] {
  const right: string[] = [outcome, ...(or ? [or] : [])]
  const what = entry.what.replace(/^./, (letter) => letter.toLowerCase())
  if (reply.outcome === 'ok') {
    if (!right.includes('ok')) return [`The client reported success although ${what}`]
    if (!arrivals.responded[sent.operation])
      return ['The client reported success, but it took the response to another request for its own.']
    return []
  }
  if (right.every((one) => one === 'ok'))
    return [`The client failed although the API carried out the request: ${what}`]
  if (reply.outcome === 'error' || right.includes(reply.outcome)) return []
  const errors = right.filter((one) => one !== 'ok').join(' or ')
  return [
    `The client reported ${reply.outcome} rather than ${errors}, so the program handles the wrong error.`,
  ]
}

function findWrongDetails({ call, sent, reply, arrivals }: Evidence, expected: Expectation): string[] {
  const times = arrivals.requests[sent.operation] ?? 0
  const problems = []
  if (reply.attempts !== undefined && reply.attempts < times)
    problems.push(
      `The client reports ${reply.attempts} ${reply.attempts === 1 ? 'attempt' : 'attempts'}, but ${times} requests arrived.`,
    )
  const isSure = reply.may_have_been_carried_out === false && reply.outcome === expected.outcome
  if (isSure && expected.may_have_been_carried_out && expected.arrivals > 0)
    problems.push(`The client says that the ${call} wasn't carried out, but it may have been.`)
  return problems
}

function findWrongRecord({ call, entry, reply }: Evidence): string[] {
  const { outcome, record_id: id } = reply
  // The response to a delete has no record.
  if (outcome !== 'ok' || call === 'delete' || !entry.record_id || id === undefined || id === entry.record_id)
    return []
  return [
    `The client returned the id ${quoteSafely(id)} rather than ${entry.record_id}, so the program uses another record.`,
  ]
}

function findLeaks({ sent, printed, reply }: Evidence): string[] {
  const names = findSecrets(`${printed}\n${reply.output ?? ''}`, sent.token)
  const list = new Intl.ListFormat('en').format(names)
  return names.length ? [`The ${list} ${names.length === 1 ? 'appears' : 'appear'} in the output.`] : []
}
