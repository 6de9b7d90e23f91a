/** Statuses of errors, and `Retry-After`. */
import {
  type Exchange,
  echoOf,
  type Fault,
  pageOf,
  send,
  sendGood,
  sendPart,
  tellingHeaders,
} from '../fault.ts'
import { type Headers, http, json } from '../response.ts'

/** Sends an error as the API does, with the secrets in it. */
function sendProblem(
  exchange: Exchange,
  status: number,
  headers = tellingHeaders(exchange),
  rest = {},
): void {
  send(exchange, json(status, { message: `Rejected: ${echoOf(exchange)}`, ...rest }, headers))
}

/** Sends an error as a proxy does. */
function sendPage(exchange: Exchange, status: number): void {
  send(exchange, http(status, pageOf(exchange), tellingHeaders(exchange)))
}

const problem = (status: number) => (exchange: Exchange) => sendProblem(exchange, status)
const page = (status: number) => (exchange: Exchange) => sendPage(exchange, status)

export const statuses: Fault[] = [
  { name: '400', title: '400', what: 'The API rejects the request with 400.', behave: problem(400) },
  { name: '401', title: '401', what: 'The API rejects the token.', behave: problem(401) },
  {
    name: '401-without-body',
    title: '401 without a body',
    what: 'The API rejects the token with a response that has no body.',
    behave: (exchange) => send(exchange, http(401, '')),
  },
  {
    name: '401-new-token-helps',
    title: '401 that a new token mends',
    what: 'The API rejects the first token and accepts a new one.',
    newToken: true,
    behave: (exchange) => {
      if (exchange.token === exchange.run.token) sendProblem(exchange, 401)
      else sendGood(exchange)
    },
  },
  {
    name: '401-new-token-rejected',
    title: "401 that a new token doesn't mend",
    what: 'The API rejects the first token and the new one.',
    newToken: true,
    behave: problem(401),
  },
  { name: '403', title: '403', what: "The token doesn't permit the operation.", behave: problem(403) },
  {
    name: '404',
    title: "404 with the API's error body",
    what: "The API says that the record doesn't exist.",
    behave: problem(404),
  },
  {
    name: '404-html',
    title: "404 with a proxy's page",
    what: "A proxy, rather than the API, can't find the path.",
    behave: page(404),
  },
  { name: '405', title: '405', what: 'The API rejects the method.', behave: problem(405) },
  { name: '408', title: '408', what: 'A proxy says that the request took too long.', behave: page(408) },
  {
    name: '422',
    title: "422 with the API's error body",
    what: 'The API rejects fields of the body.',
    behave: (exchange) => {
      const echo = echoOf(exchange)
      sendProblem(exchange, 422, tellingHeaders(exchange), { errors: { number: [echo], [echo]: [echo] } })
    },
  },
  {
    name: '422-html',
    title: "422 with a proxy's page",
    what: 'A proxy, rather than the API, rejects the request with 422.',
    behave: page(422),
  },
  { name: '429', title: '429', what: 'The API rejects every request with 429.', behave: problem(429) },
  { name: '499', title: '499', what: 'A proxy says that the client has gone.', behave: page(499) },
  { name: '500', title: '500', what: 'The API fails with 500.', behave: problem(500) },
  { name: '502-html', title: '502 with HTML', what: "A proxy can't reach the API.", behave: page(502) },
  { name: '503', title: '503', what: 'The API is unavailable.', behave: problem(503) },
  {
    name: '500-endless-body',
    title: '500 with an endless body',
    what: 'The API fails with 500, and the body has no end.',
    behave: (exchange) => {
      const page = pageOf(exchange)
      const body = page.repeat(Math.ceil(2 ** 22 / page.length))
      sendPart(exchange, http(500, body, { ...tellingHeaders(exchange), 'content-length': 2 ** 30 }))
    },
  },
]

interface RetryAfter {
  form: 'seconds' | 'fraction' | 'http-date' | 'iso-date' | 'two-headers'
  title: string
  /** The pause in milliseconds. */
  ms: number
  headers(now: Date): Headers
}

const after = (now: Date, ms: number) => new Date(now.getTime() + ms)

const forms: RetryAfter[] = [
  { form: 'seconds', title: 'in seconds', ms: 1_000, headers: () => ({ 'retry-after': 1 }) },
  { form: 'fraction', title: 'as a fraction', ms: 250, headers: () => ({ 'retry-after': '0.25' }) },
  {
    form: 'http-date',
    title: 'as an HTTP date',
    ms: 1_000,
    headers: (now) => ({ date: now.toUTCString(), 'retry-after': after(now, 1_000).toUTCString() }),
  },
  {
    form: 'iso-date',
    title: 'as an ISO date',
    ms: 250,
    headers: () => ({ 'retry-after': after(new Date(), 250).toISOString() }),
  },
  {
    form: 'two-headers',
    title: 'in seconds, with a shorter `retry-after-ms`',
    ms: 1_000,
    headers: () => ({ 'retry-after': 1, 'retry-after-ms': 50 }),
  },
]

/** A timer of a client may fire a little early. */
const toleranceMs = 10

export const retryAfter: Fault[] = ([429, 503] as const).flatMap((status) => [
  ...forms.map(
    ({ form, title, ms, headers }): Fault => ({
      name: `${status}-${form}`,
      title: `${status} with \`Retry-After\` ${title}`,
      what: `The API says with ${status} when it is available again, and then it is.`,
      behave: (exchange) => {
        const { run, operation } = exchange
        const now = performance.now()
        const notBefore = run.notBefore[operation.id]
        if (notBefore !== undefined && now >= notBefore - toleranceMs) return sendGood(exchange)
        if (notBefore !== undefined) run.early++
        // The time of the response's date, which has no fraction of a second.
        const date = new Date(Math.floor(Date.now() / 1_000) * 1_000)
        run.notBefore[operation.id] = now + ms - (form === 'http-date' ? Date.now() - date.getTime() : 0)
        sendProblem(exchange, status, { 'x-echo': echoOf(exchange), ...headers(date) })
      },
    }),
  ),
  {
    name: `${status}-unreadable`,
    title: `${status} with an unreadable \`Retry-After\``,
    what: `The API says with ${status} when it is available again, in words.`,
    behave: (exchange) =>
      sendProblem(exchange, status, { ...tellingHeaders(exchange), 'retry-after': 'soon' }),
  },
])
