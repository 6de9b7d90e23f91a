import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { assumptions } from '../assumptions.ts'
import { largestBody } from '../src/body.ts'
import { mostScripted } from '../src/control.ts'
import { createSandbox } from '../src/sandbox.ts'
import { defaultCaps } from '../src/store.ts'
import { sandbox } from './calls.ts'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
const block = (language: string, mark: string) =>
  [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)].find(
    ([, kind, text]) => kind === language && text?.includes(mark),
  )?.[2] ?? ''

test('the README shows the table of assumptions, whole', () => {
  const shown = readme.split('## What is assumed')[1]?.split('\n##')[0]?.match(/^- .*/gm)
  expect(shown).toEqual(assumptions.map(({ text }) => `- ${text}`))
})

test('the README’s caps are the caps', () => {
  for (const cap of Object.values(defaultCaps).filter(Number.isFinite))
    expect(readme).toContain(cap.toLocaleString('en'))
})

test('the limits of every shell, as the guide to the shared sandbox gives them, are the limits', async () => {
  const guide = await readFile(new URL('../../../docs/guides/shared-sandbox.md', import.meta.url), 'utf8')
  expect(guide).toMatch(new RegExp(`\\| A body +\\| ${largestBody.toLocaleString('en')} bytes`))
  expect(guide).toMatch(new RegExp(`\\| Scripted faults.* +\\| ${mostScripted.toLocaleString('en')} of each`))
})

test('the README’s seed is one', () => {
  expect(() => createSandbox({ seed: parse(block('yaml', 'A seed')) })).not.toThrow()
})

test('the README’s fault is one', async () => {
  const { call } = await sandbox()
  const fault = /-d '(\{.*\})'/.exec(block('sh', 'faults'))?.[1] ?? ''
  expect((await call('POST', '/__sandbox/faults', fault)).status).toBe(200)
})

test('the README names every option of the command', async () => {
  const command = await readFile(new URL('../src/command.ts', import.meta.url), 'utf8')
  for (const [option] of command.matchAll(/--[a-z]+(?= )/g)) {
    if (option !== '--help') expect(readme).toContain(option)
  }
})
