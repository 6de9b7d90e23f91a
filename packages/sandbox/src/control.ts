/**
 * The control surface under `/__sandbox/`: what a test or the page does to the sandbox itself.
 * A world is named by its bearer token, as everywhere.
 */
import { identify } from './authentication.ts'
import { checkSize, largestBody } from './body.ts'
import { milliseconds, timeIn, timestamp } from './clock.ts'
import { contractVersion, operations } from './contract.gen.ts'
import type { Fault } from './faults.ts'
import type { SandboxRequest, SandboxResponse } from './kernel.ts'
import type { RequestLog } from './log.ts'
import { invalid, kindOf, Refusal } from './refusal.ts'
import { pathOf } from './routes.ts'
import type { Caps, World, Worlds } from './store.ts'
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
/** Faults, or times of a clock: the hosted shell compares and stores all of them at once. */
export const mostScripted = 1000

const noWorld = new Refusal(401, {
  message: 'Everybody has this token, so it opens no world here. Take one of your own.',
})

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
    PUT: ({ world, worlds, body, collections, now }) => {
      const { recordsPerWorld, bytesPerWorld } = worlds.caps
      const content = readWorldFile(body, collections, timestamp(timeIn(world, now)), recordsPerWorld)
      if (world.isTooLong(content))
        throw invalid({ '/': [`The records of a world have at most ${bytesPerWorld} bytes.`] })
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
    POST: ({ scope, body, shared }) => {
      if (scope.faults.length >= mostScripted)
        throw invalid({ body: [`There are at most ${mostScripted} faults: delete some first.`] })
      scope.faults.push(faultOf(body, shared))
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
  const open = () => {
    const { world, fails } = identify(authorization)
    if (fails && parts.shared) throw noWorld
    return parts.worlds.open(parts.worldKey(world))
  }
  return {
    ...parts,
    get world() {
      return open()
    },
    get scope() {
      return authorization || parts.shared ? open() : parts.worlds.nobody
    },
    get body() {
      return bodyOf(request, parts)
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

/** How large the body of a request may be, in bytes. */
export function largestBodyOf(target: string, { bytesPerImport }: Pick<Caps, 'bytesPerImport'>): number {
  return pathOf(target) === `${prefix}world` ? bytesPerImport : largestBody
}

function bodyOf({ target, body = '' }: SandboxRequest, { worlds }: Parts): unknown {
  checkSize(body, largestBodyOf(target, worlds.caps))
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body))
  } catch {
    throw invalid({ body: ['The body must be JSON.'] })
  }
}

function faultOf(body: unknown, shared: boolean): Fault {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid({ body: ['The body must be an object.'] })
  const fault: Fault = { requests: 1, ...(body as Partial<Fault>) }
  const rules: Record<keyof Fault, [boolean, string]> = {
    requests: [isWhole(fault.requests, 1, 1_000_000), 'must be a number of requests, from 1 on'],
    operation: [
      // A login is of no world yet, and where strangers share the sandbox no fault waits for whoever comes next.
      operations.some(({ id, secured }) => id === fault.operation && (secured || !shared)),
      `must be an operation id of the contract${shared ? ', other than a login' : ''}`,
    ],
    status: [isWhole(fault.status, 400, 599), 'must be a status from 400 to 599'],
    retry_after: [
      isWhole(fault.retry_after, 0, 86_400) && fault.status !== undefined,
      'must be seconds, up to 86400, and takes a status',
    ],
    delay_ms: [isWhole(fault.delay_ms, 0, 600_000), 'must be milliseconds, up to 600000'],
    connection: [
      ['drop', 'drop-answer', 'cut'].includes(fault.connection as string),
      'must be drop, drop-answer or cut',
    ],
  }
  const errors = Object.keys(fault).flatMap((name) => {
    const [fits, rule] = Object.hasOwn(rules, name) ? rules[name as keyof Fault] : [false, 'is not known']
    return fits ? [] : [[name, [`${name} ${rule}.`]]]
  })
  if (errors.length > 0) throw invalid(Object.fromEntries(errors))
  if (fault.status === undefined && fault.delay_ms === undefined && fault.connection === undefined)
    throw invalid({ body: ['A fault takes a status, a delay_ms or a connection.'] })
  return fault
}

function timesOf(body: unknown): number[] {
  const { times } = (body ?? {}) as { times?: unknown }
  const read = Array.isArray(times) && times.length <= mostScripted ? times.map(milliseconds) : [undefined]
  if (read.every((time) => time !== undefined)) return read
  throw invalid({
    times: [
      `times must be a list such as ["2026-03-07 14:18:07"]; an empty list is real time, and more than ${mostScripted} are too many.`,
    ],
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
