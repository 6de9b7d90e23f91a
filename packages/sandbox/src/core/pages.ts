/** Splits a list into pages, in the form of another v140 list of the vendor (support article 66000535049). */
import { pathOf, queryOf } from '@recoveryconnect/http/target'
import type { SandboxRequest } from './http.ts'

/** Returns one page of a list, with `links` and `meta`. As in Laravel, a wrong `page` is the first one. */
export function paginate(data: unknown[], request: SandboxRequest, pageSize: number): object {
  const { target, basePath = '', headers } = request
  const asked = Number(queryOf(target).get('page'))
  const page = Number.isSafeInteger(asked) && asked > 0 ? asked : 1
  const last = Math.max(1, Math.ceil(data.length / pageSize))
  const records = data.slice((page - 1) * pageSize, page * pageSize)
  const from = records.length > 0 ? (page - 1) * pageSize + 1 : null
  const path = `http://${headers.host ?? 'localhost'}${basePath}${pathOf(target)}`
  const link = (number: number) => (number >= 1 && number <= last ? `${path}?page=${number}` : null)
  return {
    data: records,
    links: { first: link(1), last: link(last), prev: link(page - 1), next: link(page + 1) },
    meta: {
      current_page: page,
      from,
      last_page: last,
      path,
      per_page: String(pageSize),
      to: from === null ? null : from + records.length - 1,
      total: data.length,
    },
  }
}
