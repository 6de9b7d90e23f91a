/**
 * The control surface under `/__sandbox/`, with which a test or the page controls the sandbox itself. As in the API,
 * the bearer token selects the world.
 */
import { HttpError } from '@recoveryconnect/http/http-error'
import { type HttpResponse, jsonResponse } from '@recoveryconnect/http/message'
import { fitToMethod } from '@recoveryconnect/http/methods'
import { pathOf, queryOf } from '@recoveryconnect/http/target'
import { parseTimestamp, timeIn, timestamp } from '../world/clock.ts'
import type { Collection } from '../world/collection.ts'
import type { Fault } from '../world/faults.ts'
import type { Limits, World } from '../world/store.ts'
import { findExcess } from '../world/text-limits.ts'
import { readWorldFile } from '../world/world-file.ts'
import { writeWorldFile } from '../world/world-file-writer.ts'
import { bodyLimit, checkSize } from './body.ts'
import { contractVersion, operations } from './contract.gen.ts'
import type { HandlerContext } from './handler.ts'
import type { HandleRequest, SandboxRequest } from './http.ts'
import { methodNotAllowed, toHttpError, validationError } from './http-error.ts'
import type { RequestLog } from './log.ts'
import { readToken, type TokenRules } from './tokens.ts'

interface ControlParts extends HandlerContext, TokenRules {
  log: RequestLog
  collections: readonly Collection[]
  /** Reads the seed again. @throws {Error} that says what is wrong with it. */
  rereadSeed: () => void
  /** Whether strangers share the sandbox. Then each token sees only its own log and faults. */
  isShared: boolean
}

type Methods = Record<string, (request: ControlRequest) => unknown>

const prefix = '/__sandbox/'
/** The maximum number of faults or clock times, because the hosted sandbox stores them with each request. */
export const scriptLimit = 1000

/** Twice as many as the contract's largest record has. */
const valuesPerRecord = 50

const noWorld = new HttpError(401, {
  message: 'This token has no world here, because everybody knows it. Use your own token.',
})

/** Handles requests to the control surface and passes on all others. */
export function addControl(handle: HandleRequest, parts: ControlParts): HandleRequest {
  return (request) =>
    request.target.startsWith(prefix) ? fitToMethod(request, handleControl(request, parts)) : handle(request)
}

export function bodyLimitOf(target: string, { bytesPerImport }: Pick<Limits, 'bytesPerImport'>): number {
  return pathOf(target) === `${prefix}world` ? bytesPerImport : bodyLimit
}

/** Reads only the parts of a request that its route uses. */
class ControlRequest {
  readonly parts: ControlParts
  readonly #request: SandboxRequest

  constructor(request: SandboxRequest, parts: ControlParts) {
    this.parts = parts
    this.#request = request
  }

  get world(): World {
    const { worlds, isShared } = this.parts
    const { world, fails } = readToken(this.#request.headers.authorization as string | undefined, this.parts)
    if (fails && isShared) throw noWorld
    return worlds.open(world)
  }

  /** The token's world. Without a token, a fault affects the next request of any world. */
  get faultScope(): World {
    const { worlds, isShared } = this.parts
    return this.#request.headers.authorization || isShared ? this.world : worlds.anonymous
  }

  get body(): unknown {
    const { target, body = '' } = this.#request
    const { limits } = this.parts.worlds
    checkSize(body, bodyLimitOf(target, limits))
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
    const excess = findExcess(text, 1000 + valuesPerRecord * limits.recordsPerWorld)
    if (excess) throw validationError({ body: [`The body ${excess}.`] })
    try {
      return JSON.parse(text)
    } catch {
      throw validationError({ body: ["The body isn't valid JSON."] })
    }
  }

  get query(): URLSearchParams {
    return queryOf(this.#request.target)
  }
}

const routes: Record<string, Methods> = {
  health: {
    GET: ({ parts }) => ({ status: 'ok', contract: contractVersion, ...parts.worlds.usage }),
  },
  world: {
    GET: ({ world, parts }) => writeWorldFile(world.content, parts.collections),
    PUT: importWorld,
  },
  reset: {
    POST: ({ world, parts }) => {
      try {
        parts.rereadSeed()
      } catch (error) {
        throw validationError({ seed: (error as Error).message.split('\n') })
      }
      parts.worlds.reset(world)
      return { world: world.number, records: world.size }
    },
  },
  log: {
    GET: (request) => {
      const { log, isShared } = request.parts
      const after = Number(request.query.get('after') ?? 0)
      return { requests: log.listAfter(after, isShared ? request.world.number : undefined) }
    },
  },
  faults: {
    GET: ({ faultScope }) => ({ faults: faultScope.faults }),
    POST: ({ faultScope: { faults }, body, parts }) => {
      if (faults.length >= scriptLimit)
        throw validationError({ body: [`There are already ${scriptLimit} faults. Delete some first.`] })
      faults.push(readFault(body, parts.isShared))
      return { faults }
    },
    DELETE: ({ faultScope }) => {
      faultScope.faults = []
      return { faults: [] }
    },
  },
  clock: {
    GET: describeClock,
    PUT: (request) => {
      request.world.times = readTimes(request.body)
      return describeClock(request)
    },
  },
}

function handleControl(request: SandboxRequest, parts: ControlParts): HttpResponse {
  try {
    const methods = findRoute(pathOf(request.target).slice(prefix.length))
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const run = Object.hasOwn(methods, method) ? methods[method] : undefined
    if (!run) throw methodNotAllowed(Object.keys(methods))
    return jsonResponse(200, run(new ControlRequest(request, parts)))
  } catch (error) {
    const { status, body, headers } = toHttpError(error)
    return jsonResponse(status, body, headers)
  }
}

function findRoute(name: string): Methods {
  const methods = Object.hasOwn(routes, name) ? routes[name] : undefined
  if (methods) return methods
  const paths = Object.keys(routes).map((one) => prefix + one)
  throw new HttpError(404, { message: `Not found. The control surface has ${paths.join(', ')}.` })
}

function importWorld({ world, body, parts: { worlds, collections, now } }: ControlRequest): object {
  const { recordsPerWorld, bytesPerWorld } = worlds.limits
  const content = readWorldFile(body, collections, timestamp(timeIn(world, now)), recordsPerWorld)
  if (world.exceedsBytes(content))
    throw validationError({ '/': [`The records of a world may have at most ${bytesPerWorld} bytes.`] })
  world.replace(content)
  return { world: world.number, records: world.size }
}

function readFault(body: unknown, isShared: boolean): Fault {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw validationError({ body: ['The body must be an object.'] })
  const fault: Fault = { requests: 1, ...(body as Partial<Fault>) }
  const rules = faultRules(fault, isShared)
  const errors = Object.keys(fault).flatMap((name) => {
    const [fits, rule] = Object.hasOwn(rules, name)
      ? rules[name as keyof Fault]
      : [false, "isn't a known field"]
    return fits ? [] : [[name, [`${name} ${rule}.`]]]
  })
  if (errors.length > 0) throw validationError(Object.fromEntries(errors))
  const { status, delay_ms, connection, drip } = fault
  if ([status, delay_ms, connection, drip].every((effect) => effect === undefined))
    throw validationError({ body: ['A fault needs a status, a delay_ms, a connection or a drip.'] })
  return fault
}

function faultRules(fault: Fault, isShared: boolean): Record<keyof Fault, [boolean, string]> {
  // A login has no token yet. If strangers share the sandbox, every fault belongs to a token.
  const isKnown = operations.some(({ id, needsToken }) => id === fault.operation && (needsToken || !isShared))
  return {
    requests: [isInteger(fault.requests, 1, 1_000_000), 'must be an integer from 1 to 1000000'],
    operation: [isKnown, `must be an operationId of the contract${isShared ? ' other than a login' : ''}`],
    status: [isInteger(fault.status, 400, 599), 'must be a status from 400 to 599'],
    retry_after: [
      isInteger(fault.retry_after, 0, 86_400) && fault.status !== undefined,
      'must be a number of seconds from 0 to 86400, and needs a status',
    ],
    delay_ms: [isInteger(fault.delay_ms, 0, 600_000), 'must be a number of milliseconds from 0 to 600000'],
    connection: [
      ['drop', 'drop-response', 'cut'].includes(fault.connection as string),
      'must be drop, drop-response or cut',
    ],
    drip: [isInteger(fault.drip, 1, 1_000_000), 'must be a number of bytes per second from 1 to 1000000'],
  }
}

function isInteger(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
}

function readTimes(body: unknown): number[] {
  const { times } = (body ?? {}) as { times?: unknown }
  const parsed = Array.isArray(times) && times.length <= scriptLimit ? times.map(parseTimestamp) : [undefined]
  if (parsed.every((time) => time !== undefined)) return parsed
  const rule = `must be a list of at most ${scriptLimit} times such as "2026-03-07 14:18:07"`
  throw validationError({ times: [`times ${rule}. An empty list restores the real time.`] })
}

function describeClock({ world, parts }: ControlRequest): object {
  return { now: timestamp(timeIn(world, parts.now)), times: world.times.map(timestamp) }
}
