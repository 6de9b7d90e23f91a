import { vendorFacts } from '@recoveryconnect/spec/provenance'
import { expect, test } from 'vitest'
import { borrower, sandbox } from './calls.ts'

test("the requests of the vendor's document get the documented responses", async () => {
  const { call } = await sandbox()
  const writes = vendorFacts.operations.filter(({ method }) => method === 'post' || method === 'put')
  const times = writes.map(({ response }) => (response as { data: { updated_at: string } }).data.updated_at)
  await call('PUT', '/__sandbox/clock', { times })

  expect(vendorFacts.operations.map(({ title }) => title)).toContain('Delete Borrower Phone')
  for (const { title, method, url, request, response, status } of vendorFacts.operations) {
    const { meta: _, ...documented } = response as { meta?: unknown }
    const received = await call(method.toUpperCase(), url.pathname, request)
    const { data } = documented as { data: unknown }
    // Some samples are cut off after the first record.
    const body = Array.isArray(data)
      ? { ...received.body, data: received.body.data.slice(0, data.length) }
      : received.body
    expect({ title, status: String(received.status), body }).toEqual({ title, status, body: documented })
  }

  const { body } = await call('GET', borrower)
  expect(body.data.map(({ id }: { id: number }) => id)).toEqual([39317578, 39317581])
})
