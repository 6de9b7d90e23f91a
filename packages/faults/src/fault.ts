/** What a fault is, and what its behavior can do with one request. */
import type { Socket } from 'node:net'
import { type Body, goodBody, type Operation } from './contract.ts'
import type { FaultName } from './expectations.ts'
import { personalData } from './personal-data.ts'
import type { Request } from './request.ts'
import { type Headers, json } from './response.ts'
import { count, type Run } from './runs.ts'

export interface Fault {
  /** Names it in URLs. */
  name: FaultName
  /** Names it in tables. */
  title: string
  /** One sentence: what happens. */
  what: string
  /** Where it is served. Default: below the URL of the server. */
  place?: 'closed port' | 'unknown host' | 'untrusted certificate' | 'HTTP port with https'
  /** The id of the record in the response, for an adapter that tells which id its client returned. */
  recordId?: string
  /** Whether it needs an earlier request on the same connection. */
  warmUp?: true
  /** Whether the client gets a second token, for when the first one is rejected. */
  newToken?: true
  /** Handles a request. Missing if no request can arrive. */
  behave?: (exchange: Exchange) => void
}

/** One request, and what is needed to respond to it. */
export interface Exchange {
  socket: Socket
  request: Request
  operation: Operation
  run: Run
  token: string
  /** Which request of its run this is on its connection, from 1. */
  nth: number
  /** The URLs of another port, and of another host, for this run. */
  elsewhere: Record<'port' | 'host', string>
}

/** The longest token or body that a response repeats, in characters. Node rejects headers of more than 16 KiB. */
const longestEcho = 4_000

/** Everything that no client may log: the token, the body and personal data. It fits into a header. */
export function echoOf({ token, request }: Exchange): string {
  const sent = [token, request.body].map((text) => text.slice(0, longestEcho))
  return [...sent, ...Object.values(personalData)].join(' ').replaceAll(/[^ -~]/g, ' ')
}

/** A page such as those of proxies, with the secrets in it. */
export function pageOf(exchange: Exchange): string {
  return `<html><body>${echoOf(exchange)}</body></html>`
}

/** Headers with the secrets in them. The client may retry at once. */
export function tellingHeaders(exchange: Exchange): Headers {
  return { 'x-echo': echoOf(exchange), 'retry-after': 0 }
}

/** Sends a complete response, and closes the connection if the client wants it closed. */
export function send({ socket, request }: Exchange, bytes: Buffer): void {
  if (request.keepAlive) socket.write(bytes)
  else socket.end(bytes)
}

/** Sends a part of a response and leaves the connection open. */
export function sendPart({ socket }: Exchange, bytes: Buffer): void {
  socket.write(bytes)
}

/** Sends a part of a response, then resets the connection. */
export function sendAndReset({ socket }: Exchange, bytes: Buffer): void {
  socket.write(bytes, () => socket.resetAndDestroy())
}

/** Sends the response of the API, with changes. */
export function sendGood(
  exchange: Exchange,
  change: (body: Body) => unknown = same,
  headers: Headers = {},
): void {
  send(exchange, goodResponse(exchange, change, headers))
}

/** Returns the response of the API as bytes, and counts it. */
export function goodResponse(
  { operation, request, run }: Exchange,
  change: (body: Body) => unknown = same,
  headers: Headers = {},
): Buffer {
  count(run.responded, operation.id)
  return json(200, change(goodBody(operation, request.body)), headers)
}

function same(body: Body): Body {
  return body
}
