/** Who may use the control surface: programs on this machine, and no web page of another site. */
import { expect, test } from 'vitest'
import { isLoopback } from '../src/core/http.ts'
import { createGuard } from '../src/node/guard.ts'

/** The word that tells which rule forbids a request; undefined if it may go on. */
type Rule = 'Host' | 'origin' | 'site' | '--control.' | undefined

test.each<[names: string[], isOn: boolean, url: string, headers: Record<string, string>, rule: Rule]>([
  [[], true, '/__sandbox/log', { host: 'localhost:4020' }, undefined],
  [[], true, '/__sandbox/log', { host: '127.10.0.12:4020' }, undefined],
  [[], true, '/', { host: '[::1]:4020' }, undefined],
  [[], true, '/api/v140/auth', { host: 'evil.example', origin: 'https://evil.example' }, undefined],
  [[], true, '/', { host: 'evil.example' }, 'Host'],
  [[], true, '/', {}, 'Host'],
  [[], true, '/', { host: 'localhost.evil.example' }, 'Host'],
  [[], true, '/', { host: 'notlocalhost' }, 'Host'],
  [['0.0.0.0'], true, '/', { host: 'evil.example:4020', origin: 'http://evil.example:4020' }, 'Host'],
  [['0.0.0.0'], true, '/', { host: '192.0.2.1:4020' }, undefined],
  [['0.0.0.0'], true, '/', { host: '[2001:db8::1]:4020' }, undefined],
  [['0.0.0.0', 'Sandbox'], true, '/', { host: 'sandbox:4020' }, undefined],
  [['0.0.0.0', 'sandbox'], true, '/', { host: 'sandbox.evil.example' }, 'Host'],
  [[], true, '/__sandbox/log', { host: 'localhost:1', origin: 'http://localhost:1' }, undefined],
  [[], true, '/__sandbox/log', { host: 'localhost:1', origin: 'http://localhost:2' }, 'origin'],
  [[], true, '/__sandbox/log', { host: 'localhost', 'sec-fetch-site': 'same-site' }, 'site'],
  [[], true, '/__sandbox/log', { host: 'localhost', 'sec-fetch-site': 'none' }, undefined],
  [[], true, '/__sandbox/log', { host: 'localhost', 'sec-fetch-site': 'same-origin' }, undefined],
  [[], true, '/', { host: 'localhost', 'sec-fetch-site': 'cross-site' }, undefined],
  [['0.0.0.0'], false, '/__sandbox/log', { host: 'localhost' }, '--control.'],
])('for %j, control surface on: %s, %s with %j', (names, isOn, target, headers, rule) => {
  const response = createGuard(isOn, names)({ target, headers })
  expect(response?.status).toBe(rule && 403)
  if (rule) expect(JSON.parse(response?.body ?? '').message).toContain(rule)
  expect(response?.headers['content-type']).toBe(rule && 'application/json')
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
