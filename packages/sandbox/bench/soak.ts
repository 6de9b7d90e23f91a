/** Sends mixed requests over 50 connections for 60 seconds, with and without a state file: no errors, and flat memory. */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { examples } from '../src/core/contract.gen.ts'
import { load, phones, type Sent, start } from './target.ts'

const command = fileURLToPath(new URL('../dist/command.js', import.meta.url))
const seconds = Number(process.argv[2] ?? 60)
/** Each world gets this many requests in a row and then starts again, so that the amount of data stays the same. */
const requestsPerWorld = 600
const worlds = 20

const kinds: ((step: number) => Omit<Sent, 'token'>)[] = [
  () => ({ method: 'GET', path: phones }),
  () => ({ method: 'POST', path: phones, body: examples.CreateAllFields }),
  () => ({ method: 'GET', path: `${phones}/39317578` }),
  (step) => ({ method: 'PUT', path: `${phones}/39317579`, body: { memo: `note ${step}` } }),
  (step) => ({ method: 'DELETE', path: `${phones}/${39317581 + Math.floor(step / 12)}` }),
  () => ({ method: 'POST', path: phones, body: { type: 'six' } }),
]

const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
const file = join(folder, 'state.db')
await soak('in memory', [])
await soak('with a state file', ['--state', file])
console.log(`the state file has ${((await stat(file)).size / 1024 / 1024).toFixed(1)} MB`)
await rm(folder, { recursive: true })

async function soak(name: string, options: string[]): Promise<void> {
  const target = await start([command, '--port', '0', ...options])
  const samples: number[] = []
  const sampling = setInterval(() => samples.push(target.memory()), (seconds * 1000) / 12)
  let sent = 0
  const errors = await load(
    target.url,
    { seconds },
    50,
    (index) => {
      sent = index
      return nextRequest(index)
    },
    (status) => [200, 404, 422].includes(status),
  )
  clearInterval(sampling)
  target.stop()
  const memory = samples.map((one) => one.toFixed(0)).join(', ')
  console.log(
    `${name}: ${sent} requests in ${seconds} s, ${errors} errors, memory in MB, 12 times: ${memory}`,
  )
  if (errors > 0) process.exitCode = 1
}

function nextRequest(index: number): Sent {
  const step = index % requestsPerWorld
  const token = `bench-${Math.floor(index / requestsPerWorld) % worlds}`
  if (step === 0) return { method: 'POST', path: '/__sandbox/reset', token }
  return { ...(kinds[index % kinds.length] as (typeof kinds)[0])(step), token }
}
