/**
 * The control surface under `/__sandbox/`: what a test or the page does to the sandbox itself.
 * A world is named by its bearer token, as everywhere.
 */
import { identify } from './authentication.ts'
import { milliseconds, timeIn, timestamp } from './clock.ts'
import { contractVersion, operations } from './contract.gen.ts'
import type { Fault } from './faults.ts'
import type { SandboxRequest, SandboxResponse } from './kernel.ts'
import type { RequestLog } from './log.ts'
import { invalid, kindOf, Refusal } from './refusal.ts'
import { pathOf } from './routes.ts'
import type { World, Worlds } from './store.ts'
import { type Collection, readWorldFile, WorldFileError, writeWorldFile } from './world-file.ts'

interface Parts {
  worlds: Worlds
  log: RequestLog
  now: () => number
  worldKey: (identity: string) => string
  collections: readonly Collection[]
  /** Whether strangers share the sandbox: then each token sees its own log, and no fault meets whoever comes next. */
  shared: boolean
}

interface ControlCall extends Parts {
  /** The world of the token. @throws {Refusal} 401 without one. */
  world: World
  /** The world of the token, or nobody's: for what may concern any request. */
  scope: World
  body: unknown
  query: URLSearchParams
}

const prefix = '/__sandbox/'

/** Answers control requests and hands on all others. */
export function controlled(
  handle: (request: SandboxRequest) => SandboxResponse,
  parts: Parts,
): (request: SandboxRequest) => SandboxResponse {
  return (request) => (request.target.startsWith(prefix) ? answer(request, parts) : handle(request))
}

const routes: Record<string, Record<string, (call: ControlCall) => unknown>> = {
  health: {
    GET: ({ worlds }) => ({
      status: 'ok',
      contract: contractVersion,
      worlds: worlds.count,
      records: worlds.records,
    }),
  },
  world: {
    GET: ({ world }) => writeWorldFile(world.content),
    PUT: ({ world, body, collections, now }) => {
      const content = readWorldFile(body, collections, timestamp(timeIn(world, now)))
      const reason = world.tooLarge(content)
      if (reason) throw invalid({ '/': [reason] })
      world.replace(content)
      return { world: world.number, records: world.size }
    },
  },
  reset: {
    POST: ({ world, worlds }) => {
      worlds.reset(world)
      return { world: world.number, records: world.size }
    },
  },
  log: {
    GET: (call) => {
      const after = Number(call.query.get('after') ?? 0)
      return { requests: call.log.after(after, call.shared ? call.world.number : undefined) }
    },
  },
  faults: {
    GET: ({ scope }) => ({ faults: scope.faults }),
    POST: ({ scope, body }) => {
      scope.faults.push(faultOf(body))
      return { faults: scope.faults }
    },
    DELETE: ({ scope }) => {
      scope.faults = []
      return { faults: [] }
    },
  },
  clock: {
    GET: ({ world, now }) => clockOf(world, now),
    PUT: ({ world, body, now }) => {
      world.times = timesOf(body)
      return clockOf(world, now)
    },
  },
}

function answer(request: SandboxRequest, parts: Parts): SandboxResponse {
  try {
    const route = routeOf(pathOf(request.target).slice(prefix.length))
    const run = Object.hasOwn(route, request.method) ? route[request.method] : undefined
    if (!run) throw notAllowed(Object.keys(route))
    return json(200, run(callOf(request, parts)))
  } catch (error) {
    const { status, message, errors, headers } = refusalOf(error)
    return json(status, errors ? { message, errors } : { message }, headers)
  }
}

function callOf(request: SandboxRequest, parts: Parts): ControlCall {
  const authorization = request.headers.authorization as string | undefined
  const open = () => parts.worlds.open(parts.worldKey(identify(authorization).world))
  return {
    ...parts,
    get world() {
      return open()
    },
    get scope() {
      return authorization || parts.shared ? open() : parts.worlds.nobody
    },
    get body() {
      return bodyOf(request)
    },
    query: new URLSearchParams(request.target.split('?')[1]),
  }
}

function routeOf(name: string): Record<string, (call: ControlCall) => unknown> {
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined
  if (route) return route
  const known = Object.keys(routes).map((one) => prefix + one)
  throw new Refusal(404, { message: `Not found. The control surface has ${known.join(', ')}.` })
}

function notAllowed(methods: string[]): Refusal {
  const allow = methods.join(', ')
  return new Refusal(405, {
    message: `The method is not supported. Supported: ${allow}.`,
    headers: { allow },
  })
}

function bodyOf({ body = '' }: SandboxRequest): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body))
  } catch {
    throw invalid({ body: ['The body must be JSON.'] })
  }
}

function faultOf(body: unknown): Fault {
  const fault: Fault = { requests: 1, ...(body as Partial<Fault>) }
  const rules: Record<keyof Fault, [boolean, string]> = {
    requests: [isWhole(fault.requests, 1, 1_000_000), 'must be a number of requests, from 1 on'],
    operation: [
      operations.some(({ id }) => id === fault.operation),
      'must be an operation id of the contract',
    ],
    status: [isWhole(fault.status, 400, 599), 'must be a status from 400 to 599'],
    delay_ms: [isWhole(fault.delay_ms, 0, 600_000), 'must be milliseconds, up to 600000'],
    connection: [
      /^(drop|drop-answer|cut)$/.test(String(fault.connection)),
      'must be drop, drop-answer or cut',
    ],
  }
  const errors = Object.keys(fault).flatMap((name) => {
    const [fits, rule] = Object.hasOwn(rules, name) ? rules[name as keyof Fault] : [false, 'is not known']
    return fits ? [] : [[name, [`${name} ${rule}.`]]]
  })
  if (errors.length > 0) throw invalid(Object.fromEntries(errors))
  return fault
}

function timesOf(body: unknown): number[] {
  const { times } = (body ?? {}) as { times?: unknown }
  const read = Array.isArray(times) ? times.map(milliseconds) : [undefined]
  if (read.every((time) => time !== undefined)) return read
  throw invalid({
    times: ['times must be a list such as ["2026-03-07 14:18:07"]; an empty list is real time.'],
  })
}

function clockOf(world: World, now: () => number): object {
  return { now: timestamp(timeIn(world, now)), times: world.times.map(timestamp) }
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (!(error instanceof WorldFileError)) {
    return new Refusal(500, { message: `The sandbox is at fault: it failed with ${kindOf(error as Error)}.` })
  }
  const errors: Record<string, string[]> = {}
  for (const { pointer, message } of error.problems) {
    errors[pointer || '/'] = [...(errors[pointer || '/'] ?? []), message]
  }
  return invalid(errors)
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): SandboxResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
}
