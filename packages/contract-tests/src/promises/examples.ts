/** What the named examples of the contract promise. */
import { isDeepStrictEqual } from 'node:util'
import { type ContractOperation, type Node, operations, resourceOf } from '../contract.ts'
import { misfits } from '../judge.ts'
import { type ContractPromise, hold } from '../promise.ts'
import { LeftOut, type Run } from '../run.ts'
import { born, buried, read } from './resources.ts'

export const examples: ContractPromise[] = operations.flatMap((operation) => [
  ...Object.entries(operation.requests).map(
    ([name, body]): ContractPromise => ({
      id: `takes-${operation.id}-${name}`,
      operation: operation.id,
      says: `The documented request “${name}” is accepted, and stored as it says.`,
      where: 'everywhere',
      writes: true,
      destroys: true, // The vendor's number is no fictitious one, and no documented record holds the marker.
      ...(!operation.secured && { needs: 'credentials' }),
      check: (run) => takes(run, operation, body),
    }),
  ),
  ...operation.answers.map(
    ({ status, example, body }): ContractPromise => ({
      id: `shows-${operation.id}-${status}-${example}`,
      operation: operation.id,
      says: `The documented answer “${example}” can be asked for by its name.`,
      where: 'everywhere',
      ...(operation.method !== 'GET' && { writes: true, destroys: true }),
      needs: 'on-demand',
      async check(run) {
        const phone_id = await run.anyPhone()
        const exchange = await run.call(operation.id, {
          ids: { phone_id },
          headers: { prefer: `code=${status}, example=${example}` },
          due: [status],
          body: Object.values(operation.requests)[0],
        })
        hold(isDeepStrictEqual(exchange.body, body), `the example “${example}”`, 'another body')
      },
    }),
  ),
])

async function takes(run: Run, operation: ContractOperation, example: unknown): Promise<void> {
  const { id, request } = operation
  if (!request || misfits(request, example).length > 0)
    throw new LeftOut('the example does not fit the contract')
  const resource = resourceOf(operation)
  if (!resource || !run.remembers) return void (await run.call(id, { body: example }))
  const target = operation === resource.update ? await born(run, resource) : undefined
  const { body } = await run.call(id, { ids: target ? { [resource.id]: target.id } : {}, body: example })
  const { data } = body as { data: { id: number } }
  const stored = await read(run, resource, data.id)
  for (const [name, value] of Object.entries(example as Node)) {
    if (resource.kept.includes(name))
      hold(stored[name] === value, `${name} as in the example`, 'another value')
  }
  await buried(run, resource, data.id)
}
