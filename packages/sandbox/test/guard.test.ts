/** Who may reach the control surface: the programs of this machine, and no page of another site. */
import { expect, test } from 'vitest'
import { guard, isLoopback } from '../src/guard.ts'

const refused = (host: string, control: boolean, url: string, headers: object) => {
  const answer = guard(host, control)({ url, headers })
  return answer && [answer.status, JSON.parse(answer.body).message, answer.headers['content-type']]
}
const json = 'application/json'
test.each<[string, boolean, string, object, unknown]>([
  ['127.0.0.1', true, '/__sandbox/log', { host: 'localhost:4020' }, undefined],
  ['127.0.0.1', true, '/__sandbox/log', { host: '127.10.0.12:4020' }, undefined],
  ['127.0.0.1', true, '/', { host: '[::1]:4020' }, undefined],
  ['127.0.0.1', true, '/api/v140/auth', { host: 'evil.example', origin: 'https://evil.example' }, undefined],
  ['127.0.0.1', true, '/', { host: 'evil.example' }, [403, 'The Host must be localhost.', json]],
  ['127.0.0.1', true, '/', {}, [403, 'The Host must be localhost.', json]],
  ['127.0.0.1', true, '/', { host: 'localhost.evil.example' }, [403, 'The Host must be localhost.', json]],
  ['127.0.0.1', true, '/', { host: 'notlocalhost' }, [403, 'The Host must be localhost.', json]],
  ['0.0.0.0', true, '/', { host: 'sandbox.example' }, undefined],
  [
    '127.0.0.1',
    true,
    '/__sandbox/log',
    { host: 'localhost:4020', origin: 'http://localhost:4020' },
    undefined,
  ],
  [
    '127.0.0.1',
    true,
    '/__sandbox/log',
    { host: 'localhost:4020', origin: 'http://localhost:4000' },
    [403, 'Web pages of another origin have no access.', json],
  ],
  [
    '127.0.0.1',
    true,
    '/__sandbox/log',
    { host: 'localhost', 'sec-fetch-site': 'same-site' },
    [403, 'Web pages of another site have no access.', json],
  ],
  ['127.0.0.1', true, '/__sandbox/log', { host: 'localhost', 'sec-fetch-site': 'none' }, undefined],
  ['127.0.0.1', true, '/__sandbox/log', { host: 'localhost', 'sec-fetch-site': 'same-origin' }, undefined],
  ['127.0.0.1', true, '/', { host: 'localhost', 'sec-fetch-site': 'cross-site' }, undefined],
  [
    '0.0.0.0',
    false,
    '/__sandbox/log',
    { host: 'localhost' },
    [403, 'The control surface is off beyond loopback; --control turns it on.', json],
  ],
])('%s, control %s: %s with %j', (host, control, url, headers, expected) => {
  expect(refused(host, control, url, headers)).toEqual(expected)
})

test.each([
  ['localhost', true],
  ['LOCALHOST', true],
  ['127.0.0.1', true],
  ['127.0.0.100', true],
  ['::1', true],
  ['[::1]', true],
  ['127.0.0', false],
  ['', false],
  ['1.127.0.0.1', false],
  ['127.0.0.1.example', false],
  ['0.0.0.0', false],
  ['::', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
