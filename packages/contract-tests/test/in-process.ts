/** The sandbox in this process, as a target. Apart from the other targets, which take long to load. */
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import type { Target } from '../src/suite.ts'

/** The borrower of the documented phones, and the one of the documented addresses. */
export const documented = {
  token: 'any-token',
  ids: { order_id: 57062885, borrower_id: 124927241 },
  other: { order_id: 57073907, borrower_id: 124943338 },
  credentials: { username: 'example-user', password: 'example-password' },
  disposable: true,
} satisfies Omit<Target, 'url'>

/** In this process, without a network. */
export function inProcess(more: Partial<Target> = {}): Target {
  return { ...documented, url: 'http://sandbox.invalid', fetch: createSandboxFetch(), ...more }
}
