/** An adapter over bare `fetch` that does what its argument says for its third call. The judge's first call has no fault. */
import { createInterface } from 'node:readline'

const [, , trouble = ''] = process.argv
let count = 0

for await (const line of createInterface(process.stdin)) {
  const one = JSON.parse(line)
  const reply = { id: one.id, outcome: await call(one) }
  if (++count === 3) {
    if (trouble === 'hang') await new Promise(() => setInterval(() => {}, 1_000))
    if (trouble === 'exit') process.exit(3)
    if (trouble === 'kill') process.kill(process.pid, 'SIGKILL')
    if (trouble === 'print') console.log('connecting to the API')
    if (trouble === 'mix') reply.id = 'another case'
    if (trouble === 'forget') reply.outcome = undefined
    if (trouble === 'misspell') reply.outcome = 'Timeout'
    if (trouble === 'blurt') throw new Error(`no client for ${one.token}`)
    if (trouble === 'throw') throw new Error('no such client')
    if (trouble === 'log') console.error(`sent ${one.token}`)
    if (trouble === 'grumble')
      await new Promise((resolve) => process.stderr.write('x'.repeat(2 ** 20), resolve))
  }
  console.log(JSON.stringify(reply))
}

async function call({ base_url, path, method, token, body, deadline_ms }: any): Promise<string | undefined> {
  try {
    const response = await fetch(base_url + path, {
      method,
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(deadline_ms),
    })
    await response.json()
    return response.ok ? 'ok' : 'error'
  } catch {
    return 'error'
  }
}
