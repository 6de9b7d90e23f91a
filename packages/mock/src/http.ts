import type { IncomingHttpHeaders, Server } from 'node:http'
import { HttpError } from '@recoveryconnect/http/http-error'
import * as shared from '@recoveryconnect/http/message'
import { fitToMethod } from '@recoveryconnect/http/methods'
import * as server from '@recoveryconnect/http/server'

export interface HttpRequest {
  method: string
  /** As received: path and query, or a whole URL. */
  target: string
  headers: IncomingHttpHeaders
  body: Uint8Array
}

export interface HttpResponse {
  status: number
  headers?: Record<string, string>
  /** Sent as JSON. */
  body?: unknown
}

export interface Limits {
  /** The maximum size of a body that the server reads, in bytes. @default 1 MiB */
  bodyBytes?: number
  /** The maximum time for a whole request to arrive, in milliseconds. @default 30 s */
  requestTimeout?: number
}

type Options = Limits & Partial<Pick<server.HttpServerOptions, 'basePath' | 'cors' | 'onRequest' | 'paths'>>

/**
 * Creates an HTTP server that sends what `respond` returns.
 *
 * If `respond` throws an `HttpError`, the server sends that error. For any other error, it sends a 500.
 */
export function createHttpServer(
  respond: (request: HttpRequest) => Promise<HttpResponse>,
  { bodyBytes = 1024 * 1024, requestTimeout = 30_000, paths = [], ...rest }: Options = {},
): Server {
  const handle = async (request: shared.HttpRequest) => {
    const { status, headers, body } = await respondOrFail(request)
    return fitToMethod(request, shared.jsonResponse(status, body, headers))
  }
  return server.createHttpServer({ ...rest, handle, bodyLimitOf: () => bodyBytes, requestTimeout, paths })

  async function respondOrFail(request: shared.HttpRequest): Promise<HttpResponse> {
    const { target, headers } = request
    const method = request.method === 'HEAD' ? 'GET' : request.method
    try {
      const { body = new Uint8Array() } = request
      return await respond({ method, target, headers: headers as IncomingHttpHeaders, body })
    } catch (error) {
      if (error instanceof HttpError) return error
      // Only the name: the message of an unexpected error may quote the request.
      const name = error instanceof Error ? error.name : typeof error
      return { status: 500, body: { message: `The mock failed (${name}). Please report the request.` } }
    }
  }
}
