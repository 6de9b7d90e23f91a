/** Runs the hosted sandbox on this machine, in the engine that hosts it, for tests, benchmarks and development. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parsePort } from '@recoveryconnect/http/command'
import { Miniflare } from 'miniflare'
import { rolldown } from 'rolldown'
import { parse } from 'yaml'
import type { HostedLimits } from './hosted-limits.ts'

export interface WorkerdOptions {
  /** 0 picks any free port. @default 0 */
  port?: number
  /** The folder to keep the worlds in. @default none; the worlds last until the engine is closed */
  storage?: string
  /** The folder of a site to serve together with the API. @default none */
  assets?: string
  limits?: Partial<HostedLimits>
  /** Whether idle worlds stay in memory. By default they're evicted after ten seconds. @default false */
  awake?: boolean
}

export interface RunningWorkerd {
  url: string
  /** Sends a request with any URL, as if it came from outside. */
  fetch(url: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

const root = new URL('../../', import.meta.url)
export const config = parse(
  readFileSync(new URL('wrangler.jsonc', root), 'utf8').replaceAll(/^ *\/\/.*$/gm, ''),
) as { compatibility_date: string; observability: object; vars: HostedLimits; main: string }

export async function bundleWorker(): Promise<string> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(config.main, root)),
    external: ['cloudflare:workers'],
    platform: 'browser',
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true, codeSplitting: false })
  await bundle.close()
  return output[0].code
}

/**
 * Starts workerd with the Worker.
 *
 * @example
 * const { url, close } = await startWorkerd({ limits: { BURST: 1_000 } })
 */
export async function startWorkerd({
  port = 0,
  storage,
  assets,
  limits,
  awake = false,
}: WorkerdOptions = {}): Promise<RunningWorkerd> {
  const engine = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.js', contents: await bundleWorker() }],
    compatibilityDate: config.compatibility_date,
    durableObjects: { WORLDS: { className: 'WorldObject', useSQLite: true, unsafePreventEviction: awake } },
    durableObjectsPersist: storage ?? false,
    bindings: { ...config.vars, ...limits },
    ...(assets !== undefined && {
      assets: {
        directory: assets,
        binding: 'ASSETS',
        routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
        assetConfig: { not_found_handling: '404-page' },
      },
    }),
    host: '127.0.0.1',
    port: 0,
    // Bypasses Miniflare's own Worker, which would take as much time as the sandbox.
    unsafeDirectSockets: [{ host: '127.0.0.1', port }],
    // Sends no telemetry and doesn't ask Cloudflare where this machine is.
    telemetry: { enabled: false },
    cf: false,
  })
  await engine.ready
  const { origin } = await engine.unsafeGetDirectURL()
  return {
    url: origin,
    fetch: (url, init) => engine.dispatchFetch(url, init as never) as unknown as Promise<Response>,
    close: () => engine.dispose(),
  }
}

if (import.meta.main) {
  const assets = fileURLToPath(new URL('../../docs/dist', root))
  const { values } = parseArgs({ options: { port: { type: 'string', default: '4030' } } })
  const { url } = await startWorkerd({ port: parsePort(values.port, '--port'), assets })
  console.log(`The hosted sandbox is listening on ${url}`)
}
