/** The judge of `@recoveryconnect/faults` finds nothing wrong with this client, and finds out each of four defects. */
import { fileURLToPath } from 'node:url'
import { judge, type Verdict } from '@recoveryconnect/faults/judge'
import { describe, test } from 'vitest'

const adapter = fileURLToPath(new URL('adapter.ts', import.meta.url))
const all = 'read update delete create'

interface Defect {
  name: string
  /** The calls that must fail, by fault. */
  fails: Record<string, string>
  /** What users suffer, in every row that fails. */
  suffers: RegExp
}

const redirects = (['host', 'port'] as const).flatMap((to) =>
  ([301, 302, 303, 307, 308] as const).map((status) => `redirect-${status}-${to}` as const),
)

const defects: Defect[] = [
  {
    name: 'repeat-creates',
    suffers: /^The create arrived 2 times: the borrower has a duplicate record\./,
    fails: {
      'reset-before-headers': 'create',
      'closed-before-headers': 'create',
      'reset-during-headers': 'create',
      'reset-during-body': 'create',
      'body-ends-early': 'create',
      'chunked-body-ends-early': 'create',
      'not-http': 'create',
      'wrong-content-encoding': 'create',
      'headers-never-arrive': 'create',
      'body-never-ends': 'create',
      'headers-drip': 'create',
      'reused-connection-reset-after-request': 'create',
      'unasked-100-continue': 'create',
      '500': 'create',
      '502-html': 'create',
      '503': 'create',
      '500-endless-body': 'create',
      '503-seconds': 'create',
      '503-fraction': 'create',
      '503-http-date': 'create',
      '503-iso-date': 'create',
      '503-two-headers': 'create',
      '503-unreadable': 'create',
    },
  },
  {
    name: 'follow-redirects',
    suffers:
      /^The token was sent to another (host|port)\. (The number was sent to .*)?The client reported success /,
    fails: Object.fromEntries(redirects.map((name) => [name, all])),
  },
  {
    name: 'ignore-contradictions',
    suffers: /^The client reported success although the API stored the opposite of the (no_contact|valid) /,
    fails: { 'no-contact-contradicted': 'update create', 'valid-contradicted': 'update create' },
  },
  {
    name: 'print-bodies',
    suffers: /^The .* appear in the output\.$/,
    fails: {
      '200-html': all,
      '200-truncated-json': all,
      '200-wrong-shape': all,
      '200-array': all,
      ...Object.fromEntries(redirects.map((name) => [name, all])),
      'no-contact-contradicted': 'update create',
      'valid-contradicted': 'update create',
      'integer-beyond-2-53': 'update create',
      '400': all,
      '401': all,
      '401-new-token-rejected': all,
      '403': all,
      '404': all,
      '404-html': all,
      '405': all,
      '408': all,
      '422': all,
      '422-html': all,
      '429': all,
      '499': all,
      '500': all,
      '502-html': all,
      '503': all,
      '429-unreadable': all,
      '503-seconds': 'create',
      '503-fraction': 'create',
      '503-http-date': 'create',
      '503-iso-date': 'create',
      '503-two-headers': 'create',
      '503-unreadable': all,
    },
  },
]

/** The calls that failed, by fault. */
function listFailures(verdicts: Verdict[]): Record<string, string> {
  const failed = verdicts.filter(({ outcome }) => outcome === 'failed')
  const groups = Map.groupBy(failed, ({ fault }) => fault)
  return Object.fromEntries(
    [...groups].map(([fault, group]) => [fault, group.map(({ call }) => call).join(' ')]),
  )
}

describe.concurrent('the judge', () => {
  test('finds nothing wrong with this client', async ({ expect }) => {
    const { verdicts } = await judge({ command: [process.execPath, adapter] })
    expect(verdicts.filter(({ problems }) => problems.length)).toEqual([])
    expect(verdicts.length).toBeGreaterThan(4 * 80)
  })

  test.for(defects)('finds out the defect $name', async ({ name, fails, suffers }, { expect }) => {
    const { verdicts } = await judge({ command: [process.execPath, adapter, name] })
    expect(listFailures(verdicts)).toEqual(fails)
    for (const { problems } of verdicts) if (problems.length) expect(problems.join(' ')).toMatch(suffers)
  })
})
