/** Checks that errors don't leak secrets or personal data. */
import { inspect } from 'node:util'
import { expect } from 'vitest'
import { secrets } from './servers.ts'

/** Everything that a log, a console or an error tracker shows of a value. */
export function shown(value: unknown): string {
  const own = value instanceof Error ? [value.name, value.message, value.stack, value.cause] : []
  return [...own, String(value), JSON.stringify(value), inspect(value, { depth: 20, showHidden: true })].join(
    '\n',
  )
}

/** Fails if the value shows one of the secrets, with or without its dashes. */
export function expectNoSecret(value: unknown): void {
  const text = shown(value).replaceAll('-', '')
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret.replaceAll('-', ''))
}
