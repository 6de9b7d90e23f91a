import { expect } from 'vitest'
import { RecoveryConnectError } from '../src/client.ts'

/** Returns the error of a call that must fail, with the properties of every kind. */
export async function failing(call: Promise<unknown>): Promise<any> {
  const error = await call.then(
    () => expect.unreachable('the call must fail'),
    (reason) => reason,
  )
  expect(error).toBeInstanceOf(RecoveryConnectError)
  return error
}
