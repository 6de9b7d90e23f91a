/** Reads the options of a client from the environment. Nothing else in this package reads it. */
import type { ClientOptions } from './call.ts'
import { createInputError } from './errors.ts'
import { loginToken } from './login.ts'

/**
 * Reads the token and the server from environment variables. Empty variables count as missing.
 *
 * - `RECOVERYCONNECT_TOKEN`: the bearer token. If it's set, the account isn't used.
 * - `RECOVERYCONNECT_USERNAME` and `RECOVERYCONNECT_PASSWORD`: an account for {@link loginToken}.
 * - `RECOVERYCONNECT_URL`: the URL of the server. Default: the production server.
 *
 * @param environment Default: `process.env`. In a worker, pass its `env`.
 * @throws {RecoveryConnectError} `invalid_input` if there is neither a token nor an account.
 * @example const rc = createClient({ ...readEnvironment(), maxAttempts: 5 })
 */
export function readEnvironment(
  environment: Readonly<Record<string, unknown>> = globalThis.process?.env ?? {},
): Pick<ClientOptions, 'token' | 'baseUrl'> {
  const read = (name: string) => {
    const value = environment[`RECOVERYCONNECT_${name}`]
    return typeof value === 'string' && value ? value : undefined
  }
  const username = read('USERNAME')
  const password = read('PASSWORD')
  const token = read('TOKEN') ?? (username && password && loginToken({ username, password }))
  if (!token)
    throw createInputError(
      'the environment must have RECOVERYCONNECT_TOKEN, or RECOVERYCONNECT_USERNAME and RECOVERYCONNECT_PASSWORD',
    )
  return { token, baseUrl: read('URL') }
}
