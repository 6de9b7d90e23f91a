/** What the guide's data says about the clients in TypeScript is still true. `pnpm run trials` judges all clients. */
import { fileURLToPath } from 'node:url'
import { judge } from '@recoveryconnect/faults/judge'
import { beforeAll, describe, expect, test } from 'vitest'
import { clients } from '../clients.ts'
import { listFindings } from '../findings.ts'
import { buildTypeScript, graceMs, readResults, startAdapter, summarize } from '../judge-clients.ts'

/** Those that the guide is about, and that take less than a second each. */
const only = [
  'connection-refused',
  'reset-before-headers',
  'headers-never-arrive',
  'reused-connection-reset-after-request',
  '200-null',
  'redirect-307-host',
  'no-contact-contradicted',
  'paged-links',
  '400',
  '500',
]
const work = fileURLToPath(new URL('../dist/clients-test/', import.meta.url))
const results = await readResults()

beforeAll(() => buildTypeScript(work))

test('the data has every client, in the same order, with its generator', () => {
  const given = ({ name, generator }: { name: string; generator: string }) => [name, generator]
  expect(results.map(given)).toEqual(clients.map(given))
})

test.each(
  results.flatMap(({ name, asGenerated, mended }) => [
    { name, ...asGenerated },
    { name, ...mended },
  ]),
)('the findings about $name follow from its verdicts', ({ findings, failed }) => {
  expect(findings).toEqual(listFindings(failed))
  const sendsTwice = Object.entries(failed).some(
    ([key, verdict]) => /[/,]create$/.test(key) && /, [2-9] requests: .*duplicate/.test(verdict),
  )
  expect(findings.join().includes('Sends a create twice')).toBe(sendsTwice)
})

test('a finding names the faults in which a create arrives twice', () => {
  const verdict = 'error, 2 requests: The create arrived 2 times: the borrower has a duplicate record.'
  expect(listFindings({ '500/create': verdict })).toEqual(['**Sends a create twice** (`500`)'])
  expect(listFindings({})).toEqual([])
})

describe.concurrent.each(clients.filter(({ probe }) => !probe))('$name', ({ name, command }) => {
  test.each([
    { settings: 'as generated', args: [], kept: 'asGenerated' },
    { settings: 'with the settings that mend it', args: ['mended'], kept: 'mended' },
  ] as const)('$settings', async ({ args, kept }) => {
    const adapter = startAdapter(command, `${work}compiled/${name}`, [...args])
    const { verdicts } = await judge({ command: adapter, only, graceMs })
    const all = Object.entries(results.find((one) => one.name === name)?.[kept].failed ?? {})
    const expected = all.filter(([key]) => only.includes(key.replace(/\/.*/, '')))
    expect(summarize(verdicts).failed).toEqual(Object.fromEntries(expected))
  })
})
