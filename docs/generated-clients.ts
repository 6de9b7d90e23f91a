/** Renders the guide about generated clients from what the judge of `@recoveryconnect/faults` found. */
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

const noEnd = /didn't end within its deadline/

export const results: Result[] = found as Result[]

type Finding = readonly [says: string, fault: RegExp, verdict: RegExp]

const createTwice: Finding = ['', /create$/, /The create arrived \d+ times: the borrower has a duplicate/]

/** What matters most to a partner, with the faults and the verdicts that say so. Of each group, only the first is listed. */
const findings: readonly Finding[][] = [
  [['Sends the token to another host', /-host\//, /The token was sent to another host/]],
  [
    ['Sends the number to another host', /-host\//, /The number was sent to another host/],
    ['Follows redirects', /^redirect-/, /followed a redirect|was sent to/],
  ],
  [
    [
      'Takes a broken response for a success',
      /^(.*body.*early|reset-during-body|200-truncated|200-html)/,
      /success/,
    ],
  ],
  [
    ['Has no deadline', /^headers-never-arrive/, noEnd],
    ['Waits for a slow response without a limit', /^/, noEnd],
  ],
  [
    ['Puts response bodies into its errors', /^[45]\d\d/, /in the output/],
    ['Puts parts of invalid responses into its errors', /^/, /in the output/],
  ],
]

/** Returns Markdown for the page /generated-clients/, without a title. */
export function describeClients(clients: readonly Result[] = results): string {
  const dates = clients.map(({ date }) => date).sort()
  const unnoticed = clients.filter(({ mended }) => /stored the opposite/.test(verdictsOf(mended)))
  const pages = clients.filter(({ mended }) => /one page of several/.test(verdictsOf(mended)))
  const rows = clients.map(({ language, library, generator, mending, asGenerated, mended }) =>
    [`${language}, ${library}<br>${generator}`, list(asGenerated), mending, list(mended)].join(' | '),
  )
  return `Before you generate a client from the contract, check how it behaves when a network or server fails. The judge of
\`@recoveryconnect/faults\` ran ${clients.length} generated clients under every fault that it has, last on ${dates.at(-1)}. Each client
ran as it's generated, and again with settings that help.

${unnoticed.length} of ${clients.length} clients report success although the API stored the opposite of the \`no_contact\` that you sent, and ${pages.length}
take one page for the whole list. No setting changes that. [Compare the response](../guides/numbers-and-flags/) with what you sent.

| Client | As generated | Settings | With these settings |
|---|---|---|---|
${rows.map((row) => `| ${row} |`).join('\n')}

- **Sends a create twice**: The HTTP library repeats the request, in most cases after a reused connection broke. The client
  says nothing, and the borrower can have two records. The names are those of the faults.
- **Has no deadline**: A call waits for as long as the server likes. Some settings limit only
  the wait for the next part of a response, so a slow response still takes as long as the server likes.
- **Puts response bodies into its errors**: If the API repeats your request in an error, your log has the number.

To judge your own client in any language, see the README of \`packages/faults\`.
`
}

function verdictsOf({ failed }: Run): string {
  return Object.values(failed).join('\n')
}

function list({ failed }: Run): string {
  const found = findings.flatMap(
    (group) => group.find((finding) => faultsOf(finding, failed).length)?.[0] ?? [],
  )
  const twice = faultsOf(createTwice, failed).map((fault) => `\`${fault}\``)
  return (
    [
      ...(twice.length
        ? [`**[Sends a create twice](../guides/recover-from-a-failed-create/)**: ${twice.join(', ')}`]
        : []),
      ...found,
    ].join('<br>') || 'Nothing of this'
  )
}

/** Returns the faults in which a client does something. */
function faultsOf([, fault, verdict]: Finding, failed: Run['failed']): string[] {
  const found = Object.entries(failed).filter(([key, text]) => fault.test(key) && verdict.test(text))
  return found.map(([key]) => key.replace(/\/.*/, ''))
}
