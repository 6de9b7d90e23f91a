/** An adapter over bare `fetch` that does what its argument says for its third call. The judge's first call has no fault. */
import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [, , trouble = ''] = process.argv
let count = 0

for await (const line of createInterface(process.stdin)) {
  const one = JSON.parse(line)
  const isNext = ++count === 3
  const [outcome, record_id] = isNext && trouble === 'guess' ? ['error'] : await call(one)
  const reply: Record<string, unknown> = { id: one.id, outcome }
  if (trouble === 'round') reply.record_id = record_id
  if (isNext) {
    if (trouble === 'hang') await new Promise(() => setInterval(() => {}, 1_000))
    if (trouble === 'exit') process.exit(3)
    if (trouble === 'kill') process.kill(process.pid, 'SIGKILL')
    if (trouble === 'print') console.log('connecting to the API')
    if (trouble === 'mix') reply.id = 'another case'
    if (trouble === 'forget') reply.outcome = undefined
    if (trouble === 'misspell') reply.outcome = 'Timeout'
    if (trouble === 'mistype') reply.attempts = 'one'
    if (trouble === 'fill') reply.output = null
    if (trouble === 'repeat') process.stdout.write(`${JSON.stringify(reply)}\n`.repeat(2))
    if (trouble === 'flood')
      await new Promise((resolve) => process.stdout.write('x'.repeat(100 * 2 ** 20), resolve))
    if (trouble === 'deafen') closeSync(0)
    if (trouble === 'fork') {
      const args = ['--eval', 'setInterval(() => process.stderr.write("x"), 100)']
      spawn(process.execPath, args, { stdio: 'inherit', detached: true })
      process.exit(0)
    }
    if (trouble === 'blurt') throw new Error(`no client for ${one.token}`)
    if (trouble === 'throw') throw new Error('no such client')
    if (trouble === 'log') console.error(`sent ${one.token}`)
    if (trouble === 'grumble')
      await new Promise((resolve) => process.stderr.write('x'.repeat(2 ** 20), resolve))
  }
  console.log(JSON.stringify(reply))
}

async function call({ base_url, path, method, token, body, deadline_ms }: any): Promise<string[]> {
  try {
    const response = await fetch(base_url + path, {
      method,
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(deadline_ms),
    })
    const { data } = await response.json()
    return [response.ok ? 'ok' : 'error', String((Array.isArray(data) ? data[0] : data)?.id)]
  } catch {
    return ['error']
  }
}
