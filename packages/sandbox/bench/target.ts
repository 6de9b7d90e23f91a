/** A server under measurement: a process of its own, read through /proc, so Linux only. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'

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
  method: string
  path: string
  body?: object
  token?: string
}

/** Starts a command and waits until it answers a GET with 200. */
export async function start(args: string[]): Promise<Target> {
  const begin = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await addressOf(child)
  const agent = new Agent()
  while ((await send(agent, url, { method: 'GET', path: phones })).status !== 200);
  const startMs = performance.now() - begin
  agent.destroy()
  const proc = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'utf8')
  return {
    url,
    startMs,
    cpu() {
      // Fields 14 and 15, user and system time in ticks of 10 ms; the name before them may hold blanks.
      const [user = 0, system = 0] = proc('stat').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
      return (user + system) * 10_000
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(proc('status'))?.[1]) / 1024,
    stop: () => void child.kill('SIGKILL'),
  }
}

/** Sends this many requests over this many connections; resolves to how many failed or were not as expected. */
export async function load(
  url: string,
  count: number,
  connections: number,
  next: (index: number) => Sent,
  expected: (status: number) => boolean = (status) => status === 200,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let sent = 0
  let errors = 0
  const side = async () => {
    while (sent < count) {
      const { status } = await send(agent, url, next(sent++)).catch(() => ({ status: 0 }))
      if (!expected(status)) errors++
    }
  }
  await Promise.all(Array.from({ length: connections }, side))
  agent.destroy()
  return errors
}

export function send(
  agent: Agent,
  url: string,
  { method, path, body, token = 'bench' }: Sent,
): Promise<{ status: number; text: string }> {
  const content = body && JSON.stringify(body)
  const headers = {
    authorization: `Bearer ${token}`,
    ...(content && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(url + path, { agent, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    outgoing.on('error', reject).end(content)
  })
}

function addressOf(child: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      if (said.length > 10_000) return // The rest is a log: it is read, as a terminal would, and thrown away.
      said += chunk
      const url = /(http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1]
      if (url) resolve(url)
    })
    child.on('exit', () => reject(new Error(`The server ended: ${said}`)))
  })
}
