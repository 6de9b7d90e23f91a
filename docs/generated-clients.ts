/** Summarizes what the judge of `@recoveryconnect/faults` found about generated clients. */
import found from './generated-clients.json' with { type: 'json' }

/** A client in `generated-clients.json`, which `pnpm run trials` writes. */
export interface Result {
  generator: string
  language: string
  library: string
  date: string
  mending: string
  asGenerated: Run
  mended: Run
}

interface Run {
  passed: number
  /** By fault and calls, such as `400/read,delete`. */
  failed: Record<string, string>
}

export const results: Result[] = found as Result[]

type Finding = [says: string, fault: RegExp, verdict: RegExp]

const createTwice: Finding = ['**Sends a create twice**', /create$/, /The create arrived \d+ times/]
const noEnd = /didn't end within its deadline/

/** What matters most to a partner. Of each group, the page shows only the first that applies. */
const findings: Finding[][] = [
  [createTwice],
  [
    ['Sends the token to another host', /-host\//, /The token was sent to another host/],
    ['Sends the number to another host', /-host\//, /The number was sent to another host/],
    ['Follows redirects', /^redirect-/, /followed a redirect|was sent to/],
  ],
  [
    [
      'Treats a broken response as a success',
      /^(.*body.*early|reset-during-body|200-truncated|200-html)/,
      /success/,
    ],
  ],
  [
    ['Has no timeout', /^headers-never-arrive/, noEnd],
    ['Waits for a slow response without a limit', /^/, noEnd],
  ],
  [
    ['Puts response bodies into its errors', /^[45]\d\d/, /in the output/],
    ['Puts parts of invalid responses into its errors', /^/, /in the output/],
  ],
]

/** Returns a list of the clients as Markdown. */
export function describeClients(clients: readonly Result[] = results): string {
  const sections = clients.map(
    ({ generator, language, library, mending, asGenerated, mended }) => `### ${generator}

${language}, ${library}

- As generated: ${list(asGenerated)}
- Settings: ${mending}
- With these settings: ${list(mended)}
`,
  )
  return sections.join('\n')
}

function list({ failed }: Run): string {
  const found = findings.flatMap((group) => {
    const first = group.find((finding) => faultsOf(finding, failed).length > 0)
    if (!first) return []
    const faults = first === createTwice ? ` (${faultsOf(first, failed).join(', ')})` : ''
    return first[0] + faults
  })
  return found.join(' · ') || 'None of these faults'
}

/** Returns the faults in which a client does something. */
function faultsOf([, fault, verdict]: Finding, failed: Run['failed']): string[] {
  const found = Object.entries(failed).filter(([key, text]) => fault.test(key) && verdict.test(text))
  return found.map(([key]) => `\`${key.replace(/\/.*/, '')}\``)
}
