/** Keeps web pages away from the control surface, which is for programs on this machine. */
import { isLoopback, jsonResponse, type SandboxRequest, type SandboxResponse } from '../core/http.ts'

/** Returns a 403 with the reason, or undefined if the request may go on. */
export type Guard = (request: Pick<SandboxRequest, 'target' | 'headers'>) => SandboxResponse | undefined

/**
 * Creates a guard for the page and the control surface.
 *
 * `Origin` or `Sec-Fetch-Site` reveals a page from another site. `Host` reveals a page whose own host name was made to
 * resolve to this machine.
 *
 * @param host the host that the server listens on.
 * @param isOn whether the control surface is on.
 */
export function createGuard(host: string, isOn: boolean): Guard {
  return ({ target, headers }) => {
    if (target !== '/' && !target.startsWith('/__sandbox/')) return undefined
    if (!isOn)
      return forbid(
        'The control surface is off, because the sandbox listens beyond loopback. Turn it on with --control.',
      )
    const hostname = String(headers.host ?? '').replace(/:\d+$/, '')
    if (isLoopback(host) && !isLoopback(hostname)) return forbid('The Host header must be localhost.')
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
      return forbid("Web pages from another origin don't have access.")
    }
    const site = headers['sec-fetch-site']
    if (target !== '/' && site !== undefined && site !== 'same-origin' && site !== 'none') {
      return forbid("Web pages from another site don't have access.")
    }
    return undefined
  }
}

function forbid(message: string): SandboxResponse {
  return jsonResponse(403, { message })
}
