/** What a panel needs to know about its operation. */
import type { Operation } from '@recoveryconnect/spec/model'
import { isError, linkTo } from '../reference.ts'

interface Option {
  /** The `Prefer` header that the request gets, `lost`, or an empty string. */
  value: string
  label: string
}

/** The choices: the sandbox's own response, each error with an example in the contract, and a lost response. */
export function describeOutcomes({ method, responses }: Operation): Option[] {
  const errors = responses.flatMap(({ examples }) => examples).filter(({ status = 0 }) => status >= 400)
  return [
    { value: '', label: 'As the sandbox responds' },
    ...errors.map(({ status, name, summary }) => ({
      value: `code=${status}, example=${name}`,
      label: `${status}: ${summary}`,
    })),
    ...(method === 'GET' ? [] : [{ value: 'lost', label: 'Stored, but the response is lost' }]),
  ]
}

/** Where a reader finds what to do about a failure, by status or range. */
export function linkErrors({ responses }: Operation): Record<string, string> {
  const links = responses.filter(isError).map(({ status }) => [status, linkTo.status(status)])
  return { ...Object.fromEntries(links), default: linkTo.guide('errors-and-retries') }
}
