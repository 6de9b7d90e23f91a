/** Runs the Postman collection with Newman. */
import { readFile } from 'node:fs/promises'
import { startSandbox } from '@recoveryconnect/sandbox'
// @ts-expect-error It has no types.
import newman from 'newman'
import { expect, it } from 'vitest'
import { model } from '../reference.ts'
import { dist } from '../serve.ts'

const read = async (name: string) => JSON.parse(await readFile(new URL(name, dist), 'utf8'))

it('runs the lifecycle of a record against the sandbox, with the token of its own login', async () => {
  const { url, close } = await startSandbox({ port: 0 })
  const [collection, environment] = await Promise.all(['postman.json', 'postman-sandbox.json'].map(read))
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
