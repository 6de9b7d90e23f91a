/**
 * The sandbox itself: a request in, an answer out. No I/O, no clock of its own, nothing that only one runtime has.
 *
 * The contract, compiled, says what exists and what fits; a behaviour per operation says what happens.
 */
import type { Validator } from '@recoveryconnect/spec/validators'
import { admit, type Identity, identify } from './authentication.ts'
import { readBody } from './body.ts'
import { timeIn, timeOfWrite, timestamp } from './clock.ts'
import { type Answer, documented, isDocumented, preferred, rangeOf } from './documented.ts'
import { type Delivery, deliveryOf, takeFault } from './faults.ts'
import type { RequestLog } from './log.ts'
import type { Behaviour, Behaviours, Call, ContractOperation, OperationId } from './operation.ts'
import { kindOf, Refusal } from './refusal.ts'
import { parametersOf, pathOf, type Route } from './routes.ts'
import type { World, Worlds } from './store.ts'

export interface SandboxRequest {
  method: string
  /** Path and query as they came, undecoded. */
  target: string
  /** By lower-case name. */
  headers: Readonly<Record<string, string | string[] | undefined>>
  body?: string | Uint8Array | undefined
}

export interface SandboxResponse {
  status: number
  /** By lower-case name. */
  headers: Record<string, string>
  /** JSON, or HTML for the page. */
  body: string
  /** A scripted fault: what the shell does to the answer on its way out. */
  delivery?: Delivery
}

export interface KernelParts {
  /** Finds the operation of a request; see `createRouter`. */
  route: Route
  validators: Record<OperationId, OperationValidators>
  behaviours: Behaviours
  worlds: Worlds
  log: RequestLog
  /** Milliseconds since 1970. */
  now: () => number
  /** Names a world without holding the token; what comes in is `token:…` or `user:…`. */
  worldKey: (identity: string) => string
}

export interface OperationValidators {
  request?: Validator<unknown>
  responses: Record<string, Validator<unknown>>
}

/** What is known of a request so far; the log and the answer's headers are made of it. */
interface Trace {
  operation?: ContractOperation
  world?: World
  delivery?: Delivery
  unknown: string[]
  problems: string[]
}

type Handle = (request: SandboxRequest) => SandboxResponse

export function createKernel(parts: KernelParts): Handle {
  const { log, now } = parts
  const attempt = createAttempt(parts)
  return (request) => {
    const trace: Trace = { unknown: [], problems: [] }
    const response = respond(parts, trace, answerOf(request, trace, attempt))
    log.add({
      at: now(),
      method: request.method,
      path: pathOf(request.target),
      operation: trace.operation?.id,
      status: response.status,
      world: trace.world?.number,
      authorization: request.headers.authorization ? 'Bearer [redacted]' : 'none',
      problems: trace.problems,
    })
    return response
  }
}

/** The steps of one request, in the order in which a refusal counts: path, method, token, ids, body, Prefer, world. */
function createAttempt(parts: KernelParts): (request: SandboxRequest, trace: Trace) => Answer {
  const { route, validators, behaviours, worlds, now } = parts
  const identityOf = createIdentities(parts)
  return (request, trace) => {
    const match = route(request.method, pathOf(request.target))
    const { operation } = match
    trace.operation = operation
    const world = operation.secured ? admitted(identityOf(header(request, 'authorization'))) : worlds.nobody
    trace.world = world
    const faulty = meetFault(operation, world, trace)
    if (faulty) return faulty
    const params = parametersOf(match)
    const body = operation.body && checkedBody(operation, operation.body, request, trace)
    const asked = preferred(operation, header(request, 'prefer')) ?? failing(operation, params)
    if (asked) return asked
    const call = { params, body: body ?? undefined, world, now: () => timestamp(timeOfWrite(world, now)) }
    const behave = behaviours[operation.id] as Behaviour<OperationId>
    return { status: 200, headers: {}, body: behave(call as Call<never>) }
  }

  function admitted(identity: Identity): World {
    const world = worlds.open(identity.world)
    admit(identity, timeIn(world, now))
    return world
  }

  function checkedBody(
    { id }: ContractOperation,
    expected: NonNullable<ContractOperation['body']>,
    request: SandboxRequest,
    trace: Trace,
  ): unknown {
    const sent = { contentType: header(request, 'content-type'), content: request.body }
    return readBody(sent, expected, validators[id].request as Validator<unknown>, (name) =>
      trace.unknown.push(name),
    )
  }

  /** A fault that stands in for the answer; one that only changes its delivery is noted in the trace. */
  function meetFault(operation: ContractOperation, world: World, trace: Trace): Answer | undefined {
    if (world.faults.length === 0 && worlds.nobody.faults.length === 0) return undefined
    const fault = takeFault([world.faults, worlds.nobody.faults], operation.id)
    if (!fault) return undefined
    trace.delivery = deliveryOf(fault)
    trace.problems.push('A scripted fault met this request.')
    const status = fault.status ?? (fault.connection === 'drop' ? 503 : undefined)
    const answer = status ? documented(operation, status) : undefined
    if (!answer || fault.retry_after === undefined) return answer
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(fault.retry_after) } }
  }
}

/** Tokens come again and again, so what they say is remembered for a while. */
function createIdentities({ worldKey }: KernelParts) {
  const known = new Map<string, Identity>()
  return (authorization: string | undefined): Identity => {
    const found = known.get(authorization ?? '')
    if (found) return found
    const read = identify(authorization)
    const identity = { ...read, world: worldKey(read.world) }
    if (known.size >= 1000) known.clear()
    known.set(authorization ?? '', identity)
    return identity
  }
}

/** An id that is a documented status fails with it, for partners who cannot set headers. */
function failing(operation: ContractOperation, params: Record<string, unknown>): Answer | undefined {
  for (const name in params) {
    const id = params[name] as number
    if (id >= 400 && id < 600 && isDocumented(operation, id)) return documented(operation, id)
  }
  return undefined
}

function answerOf(
  request: SandboxRequest,
  trace: Trace,
  attempt: (request: SandboxRequest, trace: Trace) => Answer,
): Answer {
  try {
    return attempt(request, trace)
  } catch (error) {
    if (!(error instanceof Refusal)) return broken(`it failed with ${kindOf(error as Error)}`, trace)
    const { status, headers, message, errors } = error
    trace.problems.push(
      ...(errors ? Object.values(errors).flat() : [message || `Answered ${status} on demand.`]),
    )
    const example = trace.operation && documented(trace.operation, status)
    if (!message && example) return example
    return {
      status,
      headers: { ...example?.headers, ...headers },
      body: errors ? { message, errors } : { message },
    }
  }
}

/** Checks the answer against the contract before it leaves; one that does not fit is a 500 that says so. */
function respond({ validators }: KernelParts, trace: Trace, answer: Answer): SandboxResponse {
  const { operation, unknown, problems, delivery } = trace
  const misfit = operation && misfitOf(validators[operation.id], answer)
  const { status, headers, body } = misfit
    ? broken(`its own answer does not fit the contract: ${misfit}`, trace)
    : answer
  if (unknown.length > 0) problems.push(warning(trace))
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...headers,
      ...(unknown.length > 0 && { 'x-sandbox-warning': warning(trace) }),
    },
    body: JSON.stringify(body),
    ...(delivery && { delivery }),
  }
}

function misfitOf({ responses }: OperationValidators, { status, body }: Answer): string | undefined {
  const fits = responses[status] ?? responses[rangeOf(status)]
  if (!fits) return `it has no status ${status}`
  if (fits(body)) return undefined
  return fits.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`).join(', ')
}

/** A fault of the sandbox, not of the request. */
function broken(reason: string, { problems }: Trace): Answer {
  const message = `The sandbox is at fault: ${reason}.`
  problems.push(message)
  return { status: 500, headers: {}, body: { message } }
}

/** Laravel ignores a field it does not know, so a mistyped `no_contact` would go unnoticed. */
function warning({ operation, unknown }: Trace): string {
  const names = unknown.slice(0, 5).join(', ')
  return `Ignored unknown fields: ${names}. Known: ${Object.keys(operation?.body?.fields ?? {}).join(', ')}.`
}

function header({ headers }: SandboxRequest, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'object' ? value.join(', ') : value
}
