/** What the named examples of the contract promise. */
import { isDeepStrictEqual } from 'node:util'
import { type Node, operations } from '../contract.ts'
import { misfits } from '../judge.ts'
import { type ContractPromise, hold } from '../promise.ts'
import { LeftOut, type Run } from '../run.ts'

export const examples: ContractPromise[] = operations.flatMap((operation) => [
  ...Object.entries(operation.requests).map(
    ([name, body]): ContractPromise => ({
      id: `takes-${operation.id}-${name}`,
      operation: operation.id,
      says: `The documented request “${name}” is accepted.`,
      where: 'everywhere',
      writes: true,
      destroys: true, // The vendor's number is no fictitious one, and the memo holds no marker.
      ...(!operation.secured && { needs: 'credentials' }),
      check: (run) => takes(run, operation.id, body),
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

async function takes(run: Run, id: string, example: unknown): Promise<void> {
  const request = operations.find((one) => one.id === id)?.request
  if (!request || misfits(request, example).length > 0)
    throw new LeftOut('the example does not fit the contract')
  const phone_id = id === 'updateBorrowerPhone' ? (await run.create()).id : 0
  await run.call(id, { ids: { phone_id }, body: example })
  if (!run.remembers || !phone_id) return
  const stored = { ...(await run.get(phone_id)) } as Node
  const { number: _, ...fields } = example as Node
  for (const name of Object.keys(fields)) {
    hold(stored[name] === fields[name], `${name} as in the example`, 'another value')
  }
}
