// Counts the tests in the reports of vitest and pytest, which turbo restores from its cache, and prints "N passed, N failed".
// Usage: node .ci/count.mjs <exit status of the test command>. Exits with 1 if anything failed.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const exitStatus = Number(process.argv[2])
const counts = { passed: 0, failed: 0, skipped: 0 }

const manifests = [
  'package.json',
  'spec/package.json',
  'packages/*/package.json',
  'docs/package.json',
  'tools/package.json',
]
for (const manifest of globSync(manifests)) {
  if (!JSON.parse(readFileSync(manifest, 'utf8')).scripts?.test) continue
  const report = join(dirname(manifest), 'report/vitest.json')
  if (!existsSync(report)) {
    console.error(`${dirname(manifest)} has tests that didn't run.`)
    counts.failed++
    continue
  }
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  for (const { name, status, assertionResults } of testResults) {
    for (const result of assertionResults) {
      if (result.status === 'passed' || result.status === 'failed') counts[result.status]++
      else counts.skipped++
    }
    if (status === 'failed' && assertionResults.every((result) => result.status !== 'failed')) {
      console.error(`${name} failed outside of its tests.`)
      counts.failed++
    }
  }
  // vitest counts a run of pytest as one test.
  const python = join(dirname(manifest), 'report/pytest.xml')
  if (existsSync(python)) countPython(readFileSync(python, 'utf8'))
}

// Lint and types write no report. Only the exit status tells that they failed.
if (exitStatus !== 0 && counts.failed === 0) counts.failed++

function countPython(report) {
  const [, attributes = ''] = /<testsuite ([^>]*)>/.exec(report) ?? []
  const numbers = [...attributes.matchAll(/(\w+)="(\d+)"/g)].map(([, name, value]) => [name, Number(value)])
  const { tests = 0, errors = 0, failures = 0, skipped: left = 0 } = Object.fromEntries(numbers)
  counts.passed += tests - errors - failures - left
  counts.failed += errors + failures
  counts.skipped += left
}

const { passed, failed, skipped } = counts
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed ? 1 : 0
