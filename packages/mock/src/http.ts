import type { IncomingHttpHeaders } from 'node:http'
import { HttpError } from '@recoveryconnect/http/http-error'
import { type Handle, type HttpRequest, jsonResponse } from '@recoveryconnect/http/message'
import { fitToMethod } from '@recoveryconnect/http/methods'

export interface MockRequest {
  method: string
  /** As received: path and query, or a whole URL. */
  target: string
  headers: IncomingHttpHeaders
  body: Uint8Array
}

export interface MockResponse {
  status: number
  headers?: Record<string, string>
  /** Sent as JSON. */
  body?: unknown
}

export type Respond = (request: MockRequest) => Promise<MockResponse>

/** Sends what `respond` returns. If it throws an `HttpError`, sends that error. For any other error, sends a 500. */
export function createHandle(respond: Respond): Handle {
  return async (request) => {
    const { status, headers, body } = await respondOrFail(respond, request)
    return fitToMethod(request, jsonResponse(status, body, headers))
  }
}

async function respondOrFail(respond: Respond, request: HttpRequest): Promise<MockResponse> {
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
