/**
 * The kernel: takes a request and returns a response. It does no I/O and runs on any JavaScript runtime.
 *
 * The compiled contract defines which requests exist and what is valid. One handler per operation defines what happens.
 */
import { HttpError } from '@recoveryconnect/http/http-error'
import { type Delivery, type HttpResponse, jsonResponse } from '@recoveryconnect/http/message'
import { fitToMethod } from '@recoveryconnect/http/methods'
import { pathOf } from '@recoveryconnect/http/target'
import type { Validator } from '@recoveryconnect/spec/validators'
import * as compiledValidators from '@recoveryconnect/spec/validators'
import { timeIn, timeOfWrite, timestamp } from '../world/clock.ts'
import { deliveryOf, takeFault } from '../world/faults.ts'
import type { Place, Row } from '../world/journal.ts'
import type { World } from '../world/store.ts'
import { findExcess } from '../world/text-limits.ts'
import { readBody } from './body.ts'
import { operations } from './contract.gen.ts'
import { findExample, findExampleForIds, type ResponseDraft, readPrefer } from './examples.ts'
import type { CheckedRequest, Handler, HandlerContext, Handlers } from './handler.ts'
import type { HandleRequest, SandboxRequest } from './http.ts'
import { toHttpError } from './http-error.ts'
import { describeIgnored, type Ignored, listIgnoredParameters } from './ignored.ts'
import type { LogEntry, RequestLog } from './log.ts'
import { type ContractOperation, findByStatus, type OperationId } from './operation.ts'
import { paginate } from './pages.ts'
import { createRouter, findOperation, type Route, readParams } from './routes.ts'
import { checkToken, readToken, type TokenRules } from './tokens.ts'

export interface KernelOptions extends TokenRules {
  /** Adds the bodies of requests to the log, for assertions in tests. They contain personal data. @default false */
  recordBodies?: boolean | undefined
  /** Splits lists into pages of this many records. The contract documents no pages. @default no pages */
  pageSize?: number | undefined
}

interface KernelParts extends HandlerContext, KernelOptions {
  handlers: Handlers
  log: RequestLog
}

// Built once: the hosted sandbox may run thousands of kernels in one process.
const findRoute = createRouter(operations)
const validators: Record<
  OperationId,
  { request?: Validator<unknown>; responses: Record<string, Validator<unknown>> }
> = compiledValidators

/** What is known about a request so far, for its log entry and its headers. */
interface Trace {
  route?: Route
  operation?: ContractOperation
  world?: World
  delivery?: Delivery
  ignored: Ignored
  problems: string[]
}

interface List {
  data: unknown[]
}

type Process = (request: SandboxRequest, trace: Trace) => ResponseDraft

export function createKernel(parts: KernelParts): HandleRequest {
  const { log, now, recordBodies } = parts
  const process = createProcess(parts)
  return (request) => {
    const trace: Trace = { ignored: { fields: [], parameters: [] }, problems: [] }
    const response = fitToMethod(request, finish(trace, processSafely(process, request, trace)))
    const entry: LogEntry = {
      at: now(),
      method: request.method,
      path: trace.route,
      operation: trace.operation?.id,
      status: response.status,
      world: trace.world?.number,
      authorization: request.headers.authorization ? 'Bearer [redacted]' : 'none',
      problems: trace.problems,
    }
    if (recordBodies) entry.body = readRecorded(request)
    log.add(entry)
    return response
  }
}

/** The steps of a request. The first error counts: path, method, token, ids, body, `Prefer`, world. */
function createProcess(parts: KernelParts): Process {
  const { handlers, worlds, now, onDemand = true, pageSize } = parts
  return (request, trace) => {
    const route = findRoute(pathOf(request.target))
    trace.route = route
    const operation = findOperation(route, request.method)
    trace.operation = operation
    const hasPages = pageSize !== undefined && isList(operation)
    trace.ignored.parameters = listIgnoredParameters(request.target, hasPages)
    const world = operation.needsToken ? openWorld(request) : worlds.anonymous
    trace.world = world
    const faulty = applyFault(operation, world, trace)
    if (faulty) return faulty
    const params = readParams(operation, route)
    const ids = Object.values(params)
    const received = { contentType: headerOf(request, 'content-type'), content: request.body }
    const body = readBody(received, operation, validators[operation.id].request, (name) =>
      trace.ignored.fields.push(name),
    )
    const example = onDemand
      ? (readPrefer(operation, headerOf(request, 'prefer')) ?? findExampleForIds(operation, ids))
      : undefined
    if (example) return example
    const handle = handlers[operation.id] as Handler<OperationId>
    const { place, record } = findRecords(world, operation, ids)
    const timeNow = () => timestamp(timeOfWrite(world, now))
    const checked = { params, body, world, place, record, onDemand, now: timeNow }
    const result = handle(checked as CheckedRequest<never>)
    const page = hasPages ? paginate((result as List).data, request, pageSize) : undefined
    return { status: 200, headers: {}, body: page ?? result }
  }

  function openWorld(request: SandboxRequest): World {
    const token = readToken(headerOf(request, 'authorization'), parts)
    const world = worlds.open(token.world)
    checkToken(token, timeIn(world, now))
    return world
  }

  /** Returns the response of a fault that replaces the handler's response. Records other effects in the trace. */
  function applyFault(operation: ContractOperation, world: World, trace: Trace): ResponseDraft | undefined {
    if (world.faults.length === 0 && worlds.anonymous.faults.length === 0) return undefined
    const fault = takeFault([world.faults, worlds.anonymous.faults], operation.id)
    if (!fault) return undefined
    trace.delivery = deliveryOf(fault)
    trace.problems.push('A scripted fault affected this request.')
    const status = fault.status ?? (fault.connection === 'drop' ? 503 : undefined)
    const response = status ? findExample(operation, status) : undefined
    if (!response || fault.retry_after === undefined) return response
    return { ...response, headers: { ...response.headers, 'retry-after': String(fault.retry_after) } }
  }
}

/**
 * Finds the list that a path leads to, and the record if the path names one.
 *
 * @throws {HttpError} 404 if the world doesn't have a record that the path names.
 */
function findRecords(
  world: World,
  { collections, parameters }: ContractOperation,
  ids: readonly number[],
): { place: Place; record: Row | undefined } {
  let parents = ''
  let place = ''
  let record: Row | undefined
  for (let depth = 0; depth < collections.length; depth++) {
    const id = ids[depth]
    place = parents + collections[depth]
    if (id === undefined) return { place, record: undefined }
    record = world.find(place, id)
    if (!record) {
      const named = parameters.slice(0, depth + 1).join(', ')
      throw new HttpError(404, { message: `Not found: this world has no record with these ids: ${named}.` })
    }
    parents += `${id}/`
  }
  return { place, record }
}

function processSafely(process: Process, request: SandboxRequest, trace: Trace): ResponseDraft {
  try {
    return process(request, trace)
  } catch (thrown) {
    const error = toHttpError(thrown)
    const { status, headers, message, errors, body } = error
    if (status !== 405 || request.method !== 'OPTIONS')
      trace.problems.push(
        ...(errors ? Object.values(errors).flat() : [message || `Failed with ${status} on demand.`]),
      )
    const example = trace.operation && findExample(trace.operation, status)
    if (!message && example) return example
    return { status, headers: { ...example?.headers, ...headers }, body }
  }
}

function finish(trace: Trace, draft: ResponseDraft): HttpResponse {
  const { problems, delivery } = trace
  const { status, headers, body } = checkDraft(trace, draft)
  const warning = describeIgnored(trace.ignored, trace.operation)
  if (warning) problems.push(warning)
  const response = jsonResponse(
    status,
    body,
    warning ? { ...headers, 'x-sandbox-warning': warning } : headers,
  )
  if (delivery) response.delivery = delivery
  return response
}

/** Checks the response against the contract. If it doesn't fit, the client gets a 500 that says so. */
function checkDraft({ operation, problems }: Trace, draft: ResponseDraft): ResponseDraft {
  const misfit = operation && findMisfit(operation, draft)
  if (!misfit) return draft
  const message = `The sandbox has a bug: its response doesn't fit the contract: ${misfit}.`
  problems.push(message)
  return { status: 500, headers: {}, body: { message } }
}

function findMisfit({ id }: ContractOperation, { status, body }: ResponseDraft): string | undefined {
  const validate = findByStatus(validators[id].responses, status)
  if (!validate) return `it has no status ${status}`
  if (validate(body)) return undefined
  return validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`).join(', ')
}

function isList({ method, collections, parameters }: ContractOperation): boolean {
  return method === 'GET' && collections.length > parameters.length
}

/** The body for the log: as JSON if it is JSON, otherwise as text. Nothing if the server can't read it. */
function readRecorded(request: SandboxRequest): unknown {
  let text: string | undefined
  try {
    const { body } = request
    text = typeof body === 'object' ? new TextDecoder().decode(body) : body
    // Writing deep JSON into the log would fail.
    return text && (findExcess(text) ? text : JSON.parse(text))
  } catch {
    return text
  }
}

function headerOf({ headers }: SandboxRequest, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'object' ? value.join(', ') : value
}
