/** What a wrong server is made of: the sandbox, and one defect in front of it. */
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'

export type Body = any

export interface Request {
  method: string
  path: string
  headers: Record<string, string>
  /** Parsed where it is a JSON object; otherwise the text as it was sent. */
  body: Body
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: Body
}

type Which = (request: Request) => boolean

/** `next` is the right server; a defect changes what goes in, what comes out, or both. */
export type Defect = (
  request: Request,
  next: (request: Request) => Promise<Answer>,
) => Promise<Answer> | Answer

/** What is wrong, a promise that catches it (there may be more), and the defect, made anew for every server. */
export type WrongServer = [defect: string, caughtBy: string, make: () => Defect]

export const isList: Which = ({ method, path }) => method === 'GET' && path.endsWith('/phones')
export const isGet: Which = ({ method, path }) => method === 'GET' && /\/phones\/\d+$/.test(path)
export const isCreate: Which = ({ method, path }) => method === 'POST' && path.endsWith('/phones')
export const isUpdate: Which = ({ method }) => method === 'PUT'
export const isDelete: Which = ({ method }) => method === 'DELETE'
export const isLogin: Which = ({ method, path }) => method === 'POST' && path.endsWith('/auth')
export const isWrite: Which = (request) => isCreate(request) || isUpdate(request)
export const always: Which = () => true

/** Changes the successful answers of some operations. */
export const answered =
  (which: Which, change: (answer: Answer, request: Request) => Answer): Defect =>
  async (request, next) => {
    const answer = await next(request)
    return which(request) && answer.status === 200 ? change(answer, request) : answer
  }

/** Changes every record in the successful answers of some operations. */
export const records = (which: Which, change: (record: Body) => Body): Defect =>
  answered(which, ({ body: { data, ...rest }, ...answer }) => ({
    ...answer,
    body: { data: Array.isArray(data) ? data.map(change) : change(data), ...rest },
  }))

/** Leaves a field out of every record. */
export const lacking = (which: Which, field: string): Defect =>
  records(which, ({ [field]: _, ...record }) => record)

/** Changes some requests before they are carried out. */
export const asked =
  (which: Which, change: (request: Request) => Partial<Request>): Defect =>
  (request, next) =>
    next(which(request) ? { ...request, ...change(request) } : request)

/** Changes the bodies of some requests, where they are objects. */
export const sent = (which: Which, change: (body: Body) => Body): Defect =>
  asked(
    (request) => which(request) && typeof request.body === 'object',
    ({ body }) => ({ body: change(body) }),
  )

/** Changes the answers of one status. */
export const refused =
  (status: number, change: (answer: Answer, request: Request) => Answer): Defect =>
  async (request, next) => {
    const answer = await next(request)
    return answer.status === status ? change(answer, request) : answer
  }

/** Answers some requests by itself. */
export const instead =
  (which: Which, answer: Answer): Defect =>
  (request, next) =>
    which(request) ? answer : next(request)

export const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body,
})

/** Takes any caller for one with a token. */
export const withToken = ({ headers }: Request): Partial<Request> => ({
  headers: { ...headers, authorization: 'Bearer any-token' },
})

/**
 * The sandbox with a defect in front, as a server of the vendor: it gives no answers on demand.
 *
 * @returns a `fetch`.
 */
export function serverWith(defect: Defect) {
  const right = createSandboxFetch()
  const next = async ({ method, path, headers, body }: Request): Promise<Answer> => {
    const content = typeof body === 'object' ? JSON.stringify(body) : body
    const response = await right(`http://sandbox.invalid${path}`, {
      method,
      headers,
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
      body: parsed(body as string | undefined),
    }
    const answer = await defect(request, next)
    const content = answer.body === undefined ? null : JSON.stringify(answer.body)
    return new Response(content, { status: answer.status, headers: answer.headers })
  }
}

function parsed(body: string | undefined): Body {
  try {
    const value = JSON.parse(body ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : body
  } catch {
    return body
  }
}
