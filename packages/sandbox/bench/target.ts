/** A server to measure, in its own process. It's read through /proc, so this runs only on Linux. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import autocannon from 'autocannon'

export const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'

export interface Target {
  url: string
  /** From the start of the process to its first 200, in milliseconds. */
  startMs: number
  /** CPU time of the process so far, in microseconds. */
  cpu(): number
  /** Resident memory, in megabytes. */
  memory(): number
  stop(): void
}

export interface Sent {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  body?: object
  token?: string
}

/** Starts a command and waits until a GET returns 200. */
export async function start(args: string[]): Promise<Target> {
  const begin = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await readUrl(child)
  const headers = { authorization: 'Bearer bench' }
  while ((await fetch(url + phones, { headers })).status !== 200);
  const startMs = performance.now() - begin
  const proc = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'utf8')
  return {
    url,
    startMs,
    cpu() {
      // Fields 14 and 15 are user and system time in ticks of 10 ms. The name before them may contain spaces.
      const [user = 0, system = 0] = proc('stat').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
      return (user + system) * 10_000
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(proc('status'))?.[1]) / 1024,
    stop: () => void child.kill('SIGKILL'),
  }
}

/** Sends a number of requests, or as many as it can in some seconds. Returns how many failed or had an unexpected status. */
export async function load(
  url: string,
  extent: number | { seconds: number },
  connections: number,
  next: (index: number) => Sent,
  expected: (status: number) => boolean = (status) => status === 200,
): Promise<number> {
  const until = typeof extent === 'number' ? { amount: extent } : { duration: extent.seconds }
  let index = 0
  let unexpected = 0
  const setupRequest = (base: autocannon.Request): autocannon.Request => {
    const { method, path, body, token = 'bench' } = next(index++)
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }
    return { ...base, method, path, headers, ...(body && { body: JSON.stringify(body) }) }
  }
  const onResponse = (status: number) => {
    if (!expected(status)) unexpected++
  }
  const result = await autocannon({ url, ...until, connections, requests: [{ setupRequest, onResponse }] })
  return unexpected + result.errors
}

function readUrl(child: ChildProcess): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      if (output.length > 10_000) return // The rest is a log. It's read and discarded, as a terminal would.
      output += chunk
      const url = /(http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1]
      if (url) resolve(url)
    })
    child.on('exit', () => reject(new Error(`The server ended: ${output}`)))
  })
}
