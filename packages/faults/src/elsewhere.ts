/** Another origin: what a client sends there, it must not send. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { findOperation, goodBody } from './contract.ts'
import { type Elsewhere, type Run, type Runs, remember } from './runs.ts'

/** Creates a server that records the requests that reach it, and responds to them as the API would. */
export function createElsewhere(runs: Runs): Server {
  return createServer(async (request, response) => {
    const body = await text(request).catch(() => '')
    const [, id = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? []
    const run = runs.find(id)
    if (run) remember(run.elsewhere, describe(request, body, run))
    const operation = findOperation(request.method ?? '', path)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(operation ? goodBody(operation, body) : { data: [] }))
  })
}

function describe(
  { method = '', url = '', rawHeaders, headers }: IncomingMessage,
  body: string,
  run: Run,
): Elsewhere {
  const sent = [url, ...rawHeaders, body].join('\n')
  const digits = run.number?.replaceAll(/\D/g, '')
  return {
    origin: `http://${headers.host}`,
    method,
    token: run.token !== '' && sent.includes(run.token),
    number: Boolean(digits) && sent.replaceAll('-', '').includes(digits as string),
    body: body !== '',
  }
}
