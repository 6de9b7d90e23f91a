/**
 * Renders one call for each operation in each language, with the ids and a body of the contract's examples.
 *
 * Each sample is a whole program. It reads the server from `RECOVERYCONNECT_URL`, the token from
 * `RECOVERYCONNECT_TOKEN`, and the account of a login from `RECOVERYCONNECT_USERNAME` and `RECOVERYCONNECT_PASSWORD`. It
 * doesn't follow redirects, gives up after ten seconds, and prints the response. A login prints only how long the token is
 * valid. If the call fails, the sample prints the status and, except for a login, the body to stderr, and exits with a
 * status other than 0; curl prints the body to stdout. The tests run every sample but those in PowerShell.
 */
import type { Operation } from '@recoveryconnect/spec/model'
import { describeSample, exampleCall, type Sample } from './call.ts'
import { renderCSharp } from './csharp.ts'
import { renderCurl } from './curl.ts'
import { renderJava } from './java.ts'
import { renderPhp } from './php.ts'
import { renderPowerShell } from './powershell.ts'
import { renderPython } from './python.ts'
import { renderTypeScript } from './typescript.ts'

export interface Language {
  id: string
  /** The label of its tab. */
  label: string
  /** How the highlighter calls it. */
  grammar: string
  /** How the names of its files end. */
  extension: string
  render: (sample: Sample) => string
}

export interface SampleFile {
  /** The name under which to save it. Undefined for commands, and for programs that need no name. */
  title?: string
  grammar: string
  code: string
}

/** What a reader of one language needs, in order. */
export interface Program {
  label: string
  files: SampleFile[]
}

/** In the order of the tabs. */
export const languages: Language[] = [
  { id: 'curl', label: 'curl', grammar: 'sh', extension: '.sh', render: renderCurl },
  { id: 'typescript', label: 'TypeScript', grammar: 'ts', extension: '.ts', render: renderTypeScript },
  { id: 'python', label: 'Python', grammar: 'python', extension: '.py', render: renderPython },
  { id: 'java', label: 'Java', grammar: 'java', extension: '.java', render: renderJava },
  { id: 'csharp', label: 'C#', grammar: 'cs', extension: '.cs', render: renderCSharp },
  { id: 'php', label: 'PHP', grammar: 'php', extension: '.php', render: renderPhp },
  {
    id: 'powershell',
    label: 'PowerShell',
    grammar: 'powershell',
    extension: '.ps1',
    render: renderPowerShell,
  },
]

/** Returns a call of an operation in each language. @param example the name of an example of the body. Default: the first. */
export function renderSamples(operation: Operation, example?: string): Program[] {
  const sample = describeSample(operation, exampleCall(operation, example))
  return languages.map(({ label, grammar, render }) => ({
    label,
    files: [{ grammar, code: render(sample) }],
  }))
}
