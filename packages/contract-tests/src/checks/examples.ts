import { isDeepStrictEqual } from 'node:util'
import type { Operation } from '@recoveryconnect/spec/model'
import { type Check, checksOf } from '../check.ts'
import { expectFields } from '../compare-fields.ts'
import { exampleBody, type Fields } from '../operations.ts'
import { expectThat } from '../outcome.ts'
import { recordTypeOf } from '../record-types.ts'
import type { Run } from '../run.ts'
import { createRecord, findIds, readRecord, writeNeeds } from './steps.ts'

export function exampleChecks(operation: Operation): Check[] {
  const isRead = operation.method === 'GET'
  const accepts = checksOf(
    operation,
    ...writeNeeds(),
    ...(operation.needsToken ? [] : (['credentials'] as const)),
  )
  const shows = checksOf(operation, ...(isRead ? [] : writeNeeds()), 'responses on demand')
  return [
    // `positive_data_acceptance`. The vendor's number isn't fictitious, and no example contains the run marker.
    ...(operation.body?.examples ?? []).map(({ name, value }) =>
      accepts(`accepts-${name}`, `The documented request “${name}” is accepted and stored.`, (run) =>
        storesExample(run, operation, value as Fields),
      ),
    ),
    ...operation.responses.flatMap(({ examples }) =>
      examples.map(({ name, status = 200, value }) =>
        shows(
          `shows-${status}-${name}`,
          `A request can ask for the documented response “${name}”.`,
          async (run) => {
            const headers = { prefer: `code=${status}, example=${name}` }
            const ids = await findIds(run, operation)
            const options = { ids, headers, due: [status], body: exampleBody(operation) }
            const { body } = await run.call(operation, options)
            expectThat(isDeepStrictEqual(body, value), `the example “${name}”`, 'another body')
          },
        ),
      ),
    ),
  ]
}

async function storesExample(run: Run, operation: Operation, value: Fields): Promise<void> {
  const type = recordTypeOf(operation)
  const ids = type && operation === type.update ? { [type.idName]: (await createRecord(run, type)).id } : {}
  const { body } = await run.call(operation, { ids, body: value })
  if (!type || !run.target.remembers) return
  const stored = await readRecord(run, type, (body as Fields).data.id)
  expectFields(stored, type.asStored(value), 'as in the example')
}
