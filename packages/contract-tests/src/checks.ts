/**
 * Lists the checks for each operation and each resource, in the order of a run.
 *
 * A function returns no checks for an operation or resource that they don't apply to, so a resource may have any set of
 * operations.
 */
import type { Check } from './check.ts'
import { exampleChecks } from './checks/examples.ts'
import { emptyListChecks, isolationChecks } from './checks/isolation.ts'
import { phoneChecks, randomChecks } from './checks/phones.ts'
import { actionChecks, readingChecks } from './checks/reading.ts'
import { recordChecks } from './checks/records.ts'
import { methodChecks, rejectionChecks } from './checks/rejections.ts'
import { loginChecks, tokenChecks } from './checks/tokens.ts'
import { model } from './operations.ts'
import { recordTypes } from './record-types.ts'

export const checks: readonly Check[] = [
  ...model.operations.flatMap(readingChecks),
  ...model.operations.flatMap(tokenChecks),
  ...loginChecks,
  ...recordTypes.flatMap(recordChecks),
  ...phoneChecks,
  ...recordTypes.flatMap(isolationChecks),
  ...model.operations.flatMap(actionChecks),
  ...model.operations.flatMap(exampleChecks),
  ...model.operations.flatMap(rejectionChecks),
  ...model.operations.flatMap(methodChecks),
  ...randomChecks,
  ...recordTypes.flatMap(emptyListChecks),
]
