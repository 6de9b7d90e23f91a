/** Serves the files of the built site under a strict content security policy. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import sirv from 'sirv'

/** Where `build.ts` writes the site. */
export const dist = new URL('dist/', import.meta.url)

/**
 * Pages can load files only from their own origin. They can't run inline scripts, or text as code. Inline styles are
 * allowed, because Redoc adds styles while it renders.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const headers = {
  // Browsers ignore `frame-ancestors` in a page, so only the header has it.
  'Content-Security-Policy': `${contentSecurityPolicy}; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/**
 * Starts a server for the site in `dist/`. Build the site first.
 *
 * @param options.port 0 selects any free port.
 * @param options.host default: `127.0.0.1`, which only this machine can reach.
 * @returns the URL without a trailing slash, and `close`, which also ends open connections.
 * @throws {Error} with `code: 'EADDRINUSE'` if the port is in use.
 * @example const { url, close } = await serveDocs({ port: 4000 })
 */
export async function serveDocs({ port, host = '127.0.0.1' }: { port: number; host?: string }) {
  const notFound = await readFile(new URL('404.html', dist))
  const files = sirv(fileURLToPath(dist), {
    etag: true,
    setHeaders: (response) => {
      response.setHeader('Cache-Control', 'no-cache')
    },
    onNoMatch: (_, response) => {
      response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8' }).end(notFound)
    },
  })
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    files(request, response)
  })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return {
    url: `http://${host}:${address.port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
