/** What a wrong server is made of: the sandbox, with one defect in front of it. */
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import type { Operation } from '@recoveryconnect/spec/model'

export type Body = any

export interface Request {
  method: string
  path: string
  headers: Record<string, string>
  /** Parsed if it's a JSON object; otherwise the text as it was sent. */
  body: Body
}

export interface ServerResponse {
  status: number
  headers: Record<string, string>
  body: Body
}

type Which = (request: Request) => boolean

/** `next` is the right server. A defect changes the request, the response, or both. */
export type Defect = (
  request: Request,
  next: (request: Request) => Promise<ServerResponse>,
) => Promise<ServerResponse> | ServerResponse

/** What is wrong, a check that catches it (there may be more), and a function that makes the defect for one server. */
export type WrongServer = [defect: string, caughtBy: string, make: () => Defect]

export const isList: Which = ({ method, path }) => method === 'GET' && path.endsWith('/phones')
export const isGet: Which = ({ method, path }) => method === 'GET' && /\/phones\/\d+$/.test(path)
export const isCreate: Which = ({ method, path }) => method === 'POST' && path.endsWith('/phones')
export const isUpdate: Which = ({ method }) => method === 'PUT'
export const isDelete: Which = ({ method }) => method === 'DELETE'
export const isLogin: Which = ({ method, path }) => method === 'POST' && path.endsWith('/auth')
export const isWrite: Which = (request) => isCreate(request) || isUpdate(request)
export const always: Which = () => true

/** Whether a request is for this operation. */
export const goesTo = ({ method, path }: Operation): Which => {
  const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
  return (request) => request.method === method && pattern.test(request.path)
}

/** Changes the successful responses of some operations. */
export const changeResponses =
  (which: Which, change: (response: ServerResponse, request: Request) => ServerResponse): Defect =>
  async (request, next) => {
    const response = await next(request)
    return which(request) && response.status === 200 ? change(response, request) : response
  }

/** Changes every record in the successful responses of some operations. */
export const changeRecords = (which: Which, change: (record: Body) => Body): Defect =>
  changeResponses(which, ({ body: { data, ...rest }, ...response }) => ({
    ...response,
    body: { data: Array.isArray(data) ? data.map(change) : change(data), ...rest },
  }))

/** Leaves a field out of every record. */
export const omitField = (which: Which, field: string): Defect =>
  changeRecords(which, ({ [field]: _, ...record }) => record)

export const changeRequests =
  (which: Which, change: (request: Request) => Partial<Request>): Defect =>
  (request, next) =>
    next(which(request) ? { ...request, ...change(request) } : request)

/** Changes the bodies of some requests, if they are objects. */
export const changeBodies = (which: Which, change: (body: Body) => Body): Defect =>
  changeRequests(
    (request) => which(request) && typeof request.body === 'object',
    ({ body }) => ({ body: change(body) }),
  )

/** Changes the responses of one error status. */
export const changeErrors =
  (status: number, change: (response: ServerResponse, request: Request) => ServerResponse): Defect =>
  async (request, next) => {
    const response = await next(request)
    return response.status === status ? change(response, request) : response
  }

/** Responds to some requests without the right server. */
export const respondInstead =
  (which: Which, response: ServerResponse): Defect =>
  (request, next) =>
    which(request) ? response : next(request)

export const json = (status: number, body: unknown): ServerResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body,
})

/** Treats any caller as one with a token. */
export const withToken = ({ headers }: Request): Partial<Request> => ({
  headers: { ...headers, authorization: 'Bearer any-token' },
})

/** The token of the run, and those that the sandbox issues. */
const isKnown = (authorization?: string) => /^bearer +(any-token|\S+\.sandbox)$/i.test(authorization ?? '')

/**
 * The sandbox with a defect in front. Like the vendor's server, it offers no responses on demand and accepts only tokens
 * that it knows. Its clock advances by a second each time it's read, so that no test waits for the next second.
 *
 * @returns a `fetch`.
 */
export function serverWith(defect: Defect) {
  let time = Date.UTC(2026, 2, 8)
  const right = createSandboxFetch({ now: () => (time += 1_000) })
  const next = async ({ method, path, headers, body }: Request): Promise<ServerResponse> => {
    const content = typeof body === 'object' ? JSON.stringify(body) : body
    const { authorization, ...others } = headers
    const response = await right(`http://sandbox.invalid${path}`, {
      method,
      headers: isKnown(authorization) ? headers : others,
      ...(content !== undefined && method !== 'GET' && { body: content }),
    })
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.json(),
    }
  }
  return async (url: string, { method = 'GET', headers, body }: RequestInit): Promise<Response> => {
    const { prefer: _, ...given } = headers as Record<string, string>
    const request = {
      method,
      path: new URL(url).pathname,
      headers: given,
      body: parseObject(body as string | undefined),
    }
    const response = await defect(request, next)
    const content = response.body === undefined ? null : JSON.stringify(response.body)
    return new Response(content, { status: response.status, headers: response.headers })
  }
}

function parseObject(body: string | undefined): Body {
  try {
    const value = JSON.parse(body ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : body
  } catch {
    return body
  }
}
