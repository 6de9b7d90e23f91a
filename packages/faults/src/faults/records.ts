/** Responses with the right form and the wrong content. */
import { type Body, isObject, parseFields } from '../contract.ts'
import { type Exchange, type Fault, goodResponse, send, sendGood } from '../fault.ts'
import { http } from '../response.ts'

/** Changes each record of a body. */
function changeRecords(body: Body, change: (record: Record<string, unknown>) => object): Body {
  const { data } = body
  if (Array.isArray(data)) return { ...body, data: data.map((one) => (isObject(one) ? change(one) : one)) }
  return isObject(data) ? { ...body, data: change(data) } : body
}

/** Returns a behavior that changes each record. */
const records = (change: (record: Record<string, unknown>) => object) => (exchange: Exchange) =>
  sendGood(exchange, (body) => changeRecords(body, change))

/** Returns a behavior that stores the opposite of a flag that was sent. */
const contradict = (flag: string) => (exchange: Exchange) => {
  const sent = parseFields(exchange.request.body)
  records((record) => (flag in sent ? { ...record, [flag]: 1 - Number(sent[flag]) } : record))(exchange)
}

/** Returns a behavior that adds to a list what shows that it is a page. */
const page = (signs: (exchange: Exchange, length: number) => object) => (exchange: Exchange) =>
  sendGood(exchange, (body) =>
    Array.isArray(body.data) ? { ...body, ...signs(exchange, body.data.length) } : body,
  )

const nextPage = ({ request }: Exchange) => `${request.target.split('?')[0]}?page=2`

/** 2^53 + 1 */
const beyond = '9007199254740993'

export const wrongRecords: Fault[] = [
  {
    name: 'no-contact-contradicted',
    title: '`no_contact` contradicted',
    what: 'The API stored the opposite of the no_contact that was sent.',
    behave: contradict('no_contact'),
  },
  {
    name: 'valid-contradicted',
    title: '`valid` contradicted',
    what: 'The API stored the opposite of the valid that was sent.',
    behave: contradict('valid'),
  },
  {
    name: 'field-added',
    title: 'unknown field in a record',
    what: "A record has a field that the contract doesn't have.",
    behave: records((record) => ({ ...record, added_later: { any: [1] } })),
  },
  {
    name: 'field-missing',
    title: 'field missing in a record',
    what: 'A record has no id.',
    behave: records(({ id, ...record }) => record),
  },
  {
    name: 'field-of-another-type',
    title: 'field of another type in a record',
    what: 'A record has a string as its id.',
    behave: records((record) => ('id' in record ? { ...record, id: String(record.id) } : record)),
  },
  {
    name: 'integer-beyond-2-53',
    title: 'integer beyond 2^53',
    what: `A record has the id ${beyond}, which a JavaScript number rounds.`,
    recordId: beyond,
    behave: (exchange) => {
      const text = goodResponse(exchange).toString().split('\r\n\r\n')[1] as string
      const body = text.replace(/"id":\d+/, `"id":${beyond}`)
      send(exchange, http(200, body))
    },
  },
  {
    name: 'paged-links',
    title: 'list with `links` and `meta`',
    what: 'The list is one page of several, as `links` and `meta` show.',
    behave: page((exchange, length) => ({
      links: { first: null, last: null, prev: null, next: nextPage(exchange) },
      meta: { current_page: 1, last_page: 2, per_page: length, total: length + 1 },
    })),
  },
  {
    name: 'paged-top-level',
    title: 'list with `current_page`',
    what: 'The list is one page of several, as `current_page` and `next_page_url` show.',
    behave: page((exchange, length) => ({
      current_page: 1,
      next_page_url: nextPage(exchange),
      prev_page_url: null,
      last_page: 2,
      per_page: length,
      total: length + 1,
    })),
  },
  {
    name: 'paged-total',
    title: 'list with a `total`',
    what: 'The list has fewer records than `meta.total` says.',
    behave: page((_, length) => ({ meta: { total: String(length + 1) } })),
  },
]
