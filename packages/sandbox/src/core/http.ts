import type { HttpRequest, HttpResponse } from '@recoveryconnect/http/message'

/** A test without a server can send its body as text. */
export type SandboxRequest = Omit<HttpRequest, 'body'> & { readonly body?: string | Uint8Array | undefined }

export type HandleRequest = (request: SandboxRequest) => HttpResponse

/** @example isLoopback('127.0.0.1') // true */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host)
}
