/** Runs the Postman collection with Newman, and compares it with the contract. */
import { startSandbox } from '@recoveryconnect/sandbox'
// @ts-expect-error It has no types.
import newman from 'newman'
import { expect, it } from 'vitest'
import { renderPostmanCollection, renderPostmanEnvironment } from '../postman.ts'
import { model, server } from '../reference.ts'

const collection = renderPostmanCollection() as any

it('runs the lifecycle of a record against the sandbox, with the token of its own login', async () => {
  const { url, close } = await startSandbox({ port: 0 })
  const environment = renderPostmanEnvironment('sandbox') as any
  const set = (key: string, value: string) =>
    Object.assign(
      environment.values.find((one: any) => one.key === key),
      { value },
    )
  set('baseUrl', url)
  set('token', '')
  const { run } = await new Promise<any>((resolve, reject) =>
    newman.run({ collection, environment }, (error: unknown, summary: unknown) =>
      error ? reject(error) : resolve(summary),
    ),
  )
  await close()
  const requests = model.operations.flatMap(({ body }) => body?.examples ?? [undefined])
  expect(run.failures.map(({ error }: any) => error.message)).toEqual([])
  expect(run.stats.assertions.total).toBe(requests.length)
  const [login, ...rest] = run.executions
  expect(login.request.url.getPath()).toBe('/api/v140/auth')
  for (const { request } of rest) expect(request.headers.get('Authorization')).toMatch(/^Bearer eyJ/)
  const deletion = run.executions.at(-1).request
  expect(deletion.method).toBe('DELETE')
  expect(deletion.url.getPath()).not.toContain('39317578')
})

it('has a request with exactly the body of each named example', () => {
  const requests = collection.item.flatMap(({ item }: any) => item)
  for (const { summary, body, needsToken } of model.operations.filter(({ needsToken }) => needsToken))
    for (const example of body?.examples ?? []) {
      const found = requests.find(({ name }: any) => name === `${summary}: ${example.summary}`)
      expect(JSON.parse(found.request.body.raw), `${summary} ${needsToken}`).toEqual(example.value)
    }
})

it('has no credentials for production', () => {
  const { values } = renderPostmanEnvironment('production') as any
  expect(values.filter(({ value }: any) => value)).toEqual([
    { key: 'baseUrl', value: server, type: 'default', enabled: true },
  ])
})
