/** Keeps web pages away from the control surface, which is for programs on this machine. */
import { isIP } from 'node:net'
import { type HttpResponse, jsonResponse } from '@recoveryconnect/http/message'
import { isLoopback, type SandboxRequest } from '../core/http.ts'

/** Returns a 403 with the reason, or undefined if the request may go on. */
export type Guard = (request: Pick<SandboxRequest, 'target' | 'headers'>) => HttpResponse | undefined

/** Whether a target is the page or on the control surface. */
export function isPrivate(target: string): boolean {
  return target === '/' || target.startsWith('/__sandbox/')
}

/**
 * Creates a guard for the page and the control surface.
 *
 * `Origin` or `Sec-Fetch-Site` reveals a page from another site. `Host` reveals a page whose own host name was made to
 * resolve to this machine (DNS rebinding). That needs a name, so IP addresses are allowed.
 *
 * @param isOn whether the control surface is on.
 * @param names of hosts that are allowed.
 */
export function createGuard(isOn: boolean, names: readonly string[]): Guard {
  const allowed = new Set(names.map((name) => name.toLowerCase()))
  return ({ target, headers }) => {
    if (!isPrivate(target)) return undefined
    if (!isOn)
      return forbid(
        'The control surface is off, because the sandbox listens beyond loopback. Turn it on with --control.',
      )
    const name = String(headers.host ?? '')
      .toLowerCase()
      .replace(/:\d+$/, '')
    if (!isLoopback(name) && !isIP(name.replace(/^\[(.*)\]$/, '$1')) && !allowed.has(name))
      return forbid('The Host header must be localhost, an IP address, or a name given with --control-host.')
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

function forbid(message: string): HttpResponse {
  return jsonResponse(403, { message })
}
