import { expect, test } from 'vitest'
import { findProblems, schemathesisTrials } from '../schemathesis.ts'

const failure = {
  code: 'ST401',
  title: 'API accepts invalid authentication',
  count: 1,
  operations: ['GET /'],
}
const clean = { stop_reason: 'completed', failures: [], errors: [] }

test.each([
  ['no failure', clean, '', []],
  ['a failure', { ...clean, failures: [failure] }, '', [expect.stringContaining('ST401')]],
  ['an explained failure', { ...clean, failures: [failure] }, '| ST401 | Any token |', []],
  ['an error', { ...clean, errors: [{}] }, 'ST401', [expect.stringContaining('errors (1)')]],
  ['a run that stopped early', { ...clean, stop_reason: 'interrupted' }, '', [expect.any(String)]],
])('a report with %s', (_, report, explanations, problems) => {
  expect(findProblems(report, explanations)).toEqual(problems)
})

test('the sandbox may not have a failure, and the mock only those that its README explains', () => {
  expect(schemathesisTrials.map(({ name, explainedIn }) => [name, Boolean(explainedIn)])).toEqual([
    ['schemathesis-sandbox', false],
    ['schemathesis-mock', true],
  ])
})
