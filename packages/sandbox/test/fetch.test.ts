/** The sandbox in one process, with and without `fetch`. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { createSandboxFetch } from '../src/fetch.ts'
import { createSandbox } from '../src/sandbox.ts'
import { borrower } from './calls.ts'

const one = `${borrower}/39317578`
const phone = { type: 6, number: '2025550143' }
const control = '/__sandbox'

test('a dropped, a cut and a slow connection', async () => {
  const own = createSandboxFetch()
  const headers = { authorization: 'Bearer t' }
  const url = `https://sandbox.invalid${one}`
  const script = (fault: object) =>
    own('https://sandbox.invalid/__sandbox/faults', {
      method: 'POST',
      headers,
      body: JSON.stringify(fault),
    })
  const whole = await (await own(url, { headers })).text()
  await script({ connection: 'drop' })
  await expect(own(url, { headers })).rejects.toThrow('fetch failed: the sandbox dropped the connection')
  await script({ connection: 'cut' })
  const reader = ((await own(url, { headers })).body as ReadableStream<Uint8Array>).getReader()
  const { value } = await reader.read()
  expect(new TextDecoder().decode(value)).toBe(whole.slice(0, whole.length / 2))
  await expect(reader.read()).rejects.toThrow('terminated: the sandbox cut the body')
  await script({ delay_ms: 10_000 })
  const signal = AbortSignal.timeout(20)
  await expect(own(url, { headers, signal })).rejects.toThrow(/timeout/i)
  await expect(own(url, { headers, signal })).rejects.toThrow(/timeout/i)
})

test.each([
  ['slowly', { drip: 4000 }, 1, undefined],
  ['slowly, and half of it', { drip: 4000, connection: 'cut' }, 0.5, 'terminated: the sandbox cut the body'],
])('a body arrives %s', async (_, fault, share, error) => {
  const own = createSandboxFetch()
  const headers = { authorization: 'Bearer t' }
  const whole = await (await own(`https://sandbox.invalid${one}`, { headers })).text()
  const body = JSON.stringify(fault)
  await own(`https://sandbox.invalid${control}/faults`, { method: 'POST', headers, body })
  const start = performance.now()
  const { body: stream } = await own(`https://sandbox.invalid${one}`, { headers })
  const pieces: string[] = []
  const reading = (async () => {
    for await (const piece of stream ?? []) pieces.push(new TextDecoder().decode(piece))
  })()
  if (error) await expect(reading).rejects.toThrow(error)
  else await reading
  const expected = whole.slice(0, whole.length * share)
  expect(pieces.join('')).toBe(expected)
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(200)
  expect(performance.now() - start).toBeGreaterThan((expected.length / 4000) * 1000 * 0.9)
})

test('a timeout fires even if the garbage collector runs before it', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const own = createSandboxFetch()
  const headers = { authorization: 'Bearer t' }
  const url = `https://sandbox.invalid${one}`
  const ask = {
    'a URL': (signal: AbortSignal) => own(url, { headers, signal }),
    'a request': (signal: AbortSignal) => own(new Request(url, { headers, signal })),
    'a copy of a request': (signal: AbortSignal) => own(new Request(url, { signal }), { headers }),
  }
  const script = (fault: string) =>
    own(`https://sandbox.invalid${control}/faults`, { method: 'POST', headers, body: fault })
  const collecting = setInterval(collect, 10)
  onTestFinished(() => clearInterval(collecting))
  for (const [how, call] of Object.entries(ask)) {
    await script('{"delay_ms":2000}')
    await expect(call(AbortSignal.timeout(100)), how).rejects.toThrow(/timeout/i)
    await script('{"drip":100}')
    const read = async () => (await call(AbortSignal.timeout(100))).text()
    await expect(read(), `the body of ${how}`).rejects.toThrow(/timeout/i)
  }
})

test('with `own`, a token reaches only its own log and faults', () => {
  const { handle } = createSandbox({ control: 'own' })
  const ask = (target: string, token: string, method = 'GET') =>
    handle({
      method,
      target,
      headers: token ? { authorization: `Bearer ${token}` } : {},
      body: '{"status":503}',
    })
  ask(one, 'mine')
  ask(one, 'theirs')
  expect(JSON.parse(ask(`${control}/log`, 'mine').body).requests).toHaveLength(1)
  expect(ask(`${control}/log`, '').status).toBe(401)
  expect(ask(`${control}/faults`, '', 'POST').status).toBe(401)
  expect(ask(`${control}/faults`, 'mine', 'POST').status).toBe(200)
  expect(ask(one, 'theirs').status).toBe(200)
  expect(ask(one, 'mine').status).toBe(503)
})

test('repeated headers are joined', () => {
  const { handle } = createSandbox()
  const headers = { authorization: 'Bearer t', prefer: ['respond-async', 'code=404'] }
  expect(handle({ method: 'GET', target: one, headers }).status).toBe(404)
})

test('the limit on a body that is a string counts bytes', () => {
  const { handle } = createSandbox()
  const headers = { authorization: 'Bearer t', 'content-type': 'application/json' }
  const create = (memo: string) =>
    handle({ method: 'POST', target: borrower, headers, body: JSON.stringify({ ...phone, memo }) }).status
  expect(create('é'.repeat(32_700))).toBe(200)
  expect(create('é'.repeat(32_800))).toBe(413)
  expect(create('x'.repeat(65_400))).toBe(200)
  expect(create('x'.repeat(65_600))).toBe(413)
})
