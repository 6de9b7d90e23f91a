/** Keeps web pages away from the control surface: it is for the programs of this machine. */
import type { SandboxResponse } from './kernel.ts'

interface Guarded {
  url?: string | undefined
  headers: { host?: string | undefined; origin?: string | undefined; 'sec-fetch-site'?: unknown }
}

/** @example isLoopback('127.0.0.1') // true */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host)
}

/**
 * Checks requests to the page and the control surface.
 *
 * A page of another site shows by `Origin` or `Sec-Fetch-Site`; one that had its own name resolve to this machine
 * shows by `Host`.
 *
 * @param host what the server listens on.
 * @param control whether the control surface is on.
 * @returns a function that answers 403 with the reason, or undefined if the request may go on.
 */
export function guard(host: string, control: boolean): (request: Guarded) => SandboxResponse | undefined {
  return ({ url = '', headers }) => {
    if (url !== '/' && !url.startsWith('/__sandbox/')) return undefined
    if (!control) return refused('The control surface is off beyond loopback; --control turns it on.')
    if (isLoopback(host) && !isLoopback(nameOf(headers.host))) return refused('The Host must be localhost.')
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
      return refused('Web pages of another origin have no access.')
    }
    const site = headers['sec-fetch-site']
    if (url !== '/' && site !== undefined && site !== 'same-origin' && site !== 'none') {
      return refused('Web pages of another site have no access.')
    }
    return undefined
  }
}

/** Without the port. */
function nameOf(host = ''): string {
  return host.replace(/:\d+$/, '')
}

function refused(message: string): SandboxResponse {
  return { status: 403, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) }
}
