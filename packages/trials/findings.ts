/** Summarizes the verdicts of a client for a partner who wonders whether to use it. */

type Finding = [says: string, fault: RegExp, verdict: RegExp]

const createTwice: Finding = ['**Sends a create twice**', /create$/, /The create arrived \d+ times/]
const noEnd = /didn't end within its deadline/

/** What matters most to a partner. Of each group, only the first that applies counts. */
const groups: Finding[][] = [
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

/**
 * @param failed the verdicts by fault and calls, such as `400/read,delete`.
 * @returns Markdown, such as `**Sends a create twice** (`500`)`.
 */
export function listFindings(failed: Record<string, string>): string[] {
  return groups.flatMap((group) => {
    const first = group.find((finding) => listFaults(finding, failed).length > 0)
    if (!first) return []
    const faults = first === createTwice ? ` (${listFaults(first, failed).join(', ')})` : ''
    return [first[0] + faults]
  })
}

function listFaults([, fault, verdict]: Finding, failed: Record<string, string>): string[] {
  const found = Object.entries(failed).filter(([key, text]) => fault.test(key) && verdict.test(text))
  return found.map(([key]) => `\`${key.replace(/\/.*/, '')}\``)
}
