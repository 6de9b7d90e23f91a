/** Serves the files of the built site. Each page has its content security policy in itself. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import sirv from 'sirv'

/** Where the build writes the site. */
export const dist = new URL('dist/', import.meta.url)

const headers = {
  // Browsers ignore this part of the policy in a page.
  'Content-Security-Policy': "frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  Vary: 'Accept',
}

const types: Record<string, string> = {
  '.md': 'text/markdown',
  '.txt': 'text/plain',
  '.yaml': 'application/yaml',
}

/**
 * Starts a server for the site. Build the site first.
 *
 * @param options.port 0 selects any free port.
 * @param options.host default: `127.0.0.1`, which only this machine can reach.
 * @returns the URL without a trailing slash, and `close`, which also ends open connections.
 * @throws {Error} with `code: 'EADDRINUSE'` if the port is in use.
 * @example const { url, close } = await serveDocs({ port: 4000 })
 */
export async function serveDocs({ port, host = '127.0.0.1' }: { port: number; host?: string }) {
  // Longer than the 60 seconds of most proxies, so that no request meets a connection that closes.
  const server = createServer({ keepAliveTimeout: 65_000 }, await serveFolder(dist))
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

/** Returns what responds to the requests for a built site. */
export async function serveFolder(folder: URL): Promise<RequestListener> {
  const notFound = await readFile(new URL('404.html', folder))
  const files = sirv(fileURLToPath(folder), {
    etag: true,
    setHeaders: (response, path) => {
      response.setHeader('Cache-Control', 'no-cache')
      const type = types[extname(path)]
      if (type) response.setHeader('Content-Type', `${type}; charset=utf-8`)
    },
    onNoMatch: (_, response) => {
      response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8' }).end(notFound)
    },
  })
  return (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    // A page is also available as Markdown, for assistants that ask for it.
    if (request.headers.accept?.includes('text/markdown'))
      request.url = request.url?.replace(/\/(?=$|\?)/, (_, index) => `${index ? '' : '/index'}.md`)
    files(request, response)
  }
}
