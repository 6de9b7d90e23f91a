/**
 * Lists the checks for each operation and each resource, in the order of a run.
 *
 * A function returns no checks for an operation or resource that they don't apply to, so a resource may have any set of
 * operations.
 */
import type { Check } from './check.ts'
import { exampleChecks } from './checks/examples.ts'
import {
  emptyListChecks,
  foreignIdsChecks,
  isolationChecks,
  separateListsChecks,
} from './checks/isolation.ts'
import { listChecks } from './checks/lists.ts'
import { phoneChecks, randomChecks } from './checks/phones.ts'
import { plainChecks, readingChecks } from './checks/reading.ts'
import { recordChecks } from './checks/records.ts'
import { methodChecks, rejectionChecks } from './checks/rejections.ts'
import { loginChecks, tokenChecks } from './checks/tokens.ts'
import { model } from './operations.ts'
import { recordTypes } from './record-types.ts'

const reads = model.operations.filter(({ method }) => method === 'GET')
const writes = model.operations.filter(({ method }) => method !== 'GET')

export const checks: readonly Check[] = [
  ...reads.flatMap((read) => [...plainChecks(read), ...readingChecks(read), ...listChecks(read)]),
  ...reads.flatMap((read) => [...foreignIdsChecks(read), ...separateListsChecks(read)]),
  ...model.operations.flatMap(tokenChecks),
  ...loginChecks,
  ...recordTypes.flatMap(recordChecks),
  ...phoneChecks,
  ...recordTypes.flatMap(isolationChecks),
  ...writes.flatMap((write) => [...plainChecks(write), ...foreignIdsChecks(write)]),
  ...model.operations.flatMap(exampleChecks),
  ...model.operations.flatMap(rejectionChecks),
  ...model.operations.flatMap(methodChecks),
  ...randomChecks,
  ...recordTypes.flatMap(emptyListChecks),
]
