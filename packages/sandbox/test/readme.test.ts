import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { bodyLimit } from '../src/core/body.ts'
import { scriptLimit } from '../src/core/control.ts'
import { createSandbox } from '../src/sandbox.ts'
import { config } from '../src/workers/workerd.ts'
import { defaultLimits } from '../src/world/store.ts'
import { assumptions } from './assumed-rules.ts'
import { sandbox } from './calls.ts'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
const block = (language: string, part: string) =>
  [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)].find(
    ([, name, text]) => name === language && text?.includes(part),
  )?.[2] ?? ''

test('the README lists every assumption', () => {
  const listed = readme.split('## What the sandbox assumes')[1]?.split('\n##')[0]?.match(/^- .*/gm)
  expect(listed).toEqual(assumptions.map(({ text }) => `- ${text}`))
})

test('the README states the version of Node', async () => {
  const { engines } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  expect(readme).toContain(`Node ${engines.node.replace('>=', '')} or newer`)
})

test('the README states the default limits', () => {
  for (const limit of Object.values(defaultLimits).filter(Number.isFinite))
    expect(readme).toContain(limit.toLocaleString('en'))
})

test('the guide to the shared sandbox states the limits of both servers', async () => {
  const guide = await readFile(
    new URL('../../../docs/src/content/docs/host-a-sandbox.mdx', import.meta.url),
    'utf8',
  )
  expect(guide).toMatch(new RegExp(`\\| A body +\\| ${bodyLimit.toLocaleString('en')} bytes`))
  expect(guide).toMatch(new RegExp(`\\| Scripted faults.* +\\| ${scriptLimit.toLocaleString('en')} of each`))
  const { REQUESTS_PER_SECOND, BURST, RECORDS_PER_WORLD, BYTES_PER_WORLD, IDLE_SECONDS } = config.vars
  expect(guide).toContain(`${REQUESTS_PER_SECOND} per second, with bursts of ${BURST}.`)
  expect(guide).toMatch(
    new RegExp(`\\| Records in one world +\\| ${RECORDS_PER_WORLD.toLocaleString('en')},`),
  )
  expect(guide).toMatch(new RegExp(`\\| Bytes of .* +\\| ${BYTES_PER_WORLD.toLocaleString('en')}\\.`))
  expect(guide).toContain(`Deleted after ${IDLE_SECONDS / 86_400} days.`)
})

test("the README's seed is valid", () => {
  expect(() => createSandbox({ seed: parse(block('yaml', 'A seed')) })).not.toThrow()
})

test("the README's fault is valid", async () => {
  const { call } = await sandbox()
  const fault = /-d '(\{.*\})'/.exec(block('sh', 'faults'))?.[1] ?? ''
  expect((await call('POST', '/__sandbox/faults', fault)).status).toBe(200)
})

test('the README names every option of the command', async () => {
  const command = await readFile(new URL('../src/command.ts', import.meta.url), 'utf8')
  for (const [option] of command.matchAll(/--[a-z-]+(?= )/g)) {
    if (option !== '--help') expect(readme).toContain(option)
  }
})
