/** The command line of a server: its options, its output, and how it ends. */
import { readFileSync } from 'node:fs'
import { parseArgs, styleText } from 'node:util'
import type { RequestEntry } from './message.ts'

export interface Option {
  type: 'string' | 'boolean'
  multiple?: boolean
  /** The name of the value in the help. */
  value?: string
  help: string
}

type Options = Record<string, Option>

/** What the options of every command mean. */
export interface ServeOptions {
  port: number
  host: string
  basePath: string
  cors: boolean | string[]
  onRequest: ((entry: RequestEntry) => void) | undefined
}

export interface Command<Own extends Options> {
  /** `sandbox` for `recoveryconnect-sandbox` and `SANDBOX_PORT`. */
  name: string
  about: string
  /** The default. */
  port: number
  /** The `package.json` that has the version. */
  manifest: URL
  options: Own
  start(serve: ServeOptions, own: Values<Own>): Promise<{ url: string; close(): Promise<void> }>
}

export type Values<Own extends Options> = {
  [Name in keyof Own]?: Own[Name]['type'] extends 'boolean'
    ? boolean
    : Own[Name]['multiple'] extends true
      ? string[]
      : string
}

const shared = {
  host: { type: 'string', value: 'HOST', help: 'Address to listen on (default 127.0.0.1).' },
  'base-path': {
    type: 'string',
    value: 'PATH',
    help: 'Put this path in front of every other, such as /vendor.',
  },
  cors: { type: 'boolean', help: 'Let web pages from any origin call the API.' },
  'cors-origin': {
    type: 'string',
    multiple: true,
    value: 'ORIGIN',
    help: 'Let web pages from this origin call the API. Can be repeated.',
  },
  json: { type: 'boolean', help: 'Print a line of JSON for each request.' },
  quiet: { type: 'boolean', help: 'Print nothing but errors.' },
  version: { type: 'boolean', help: 'Show the version.' },
  help: { type: 'boolean', help: 'Show this help.' },
} as const satisfies Options

/** Starts a server as the command line says. It ends on SIGINT and SIGTERM. */
export async function runCommand<Own extends Options>(command: Command<Own>): Promise<void> {
  try {
    await run(command)
  } catch (error) {
    console.error(styleText('red', (error as Error).message, { stream: process.stderr }))
    process.exitCode = 1
  }
}

async function run<Own extends Options>(command: Command<Own>): Promise<void> {
  const { name, manifest, start } = command
  const variable = `${name.toUpperCase()}_PORT`
  const port: Option = {
    type: 'string',
    value: 'PORT',
    help: `Port to listen on (default ${command.port}, or ${variable}). 0 picks any free port.`,
  }
  const options = { port, ...command.options, ...shared }
  const values = parse(options) as Values<typeof shared> & Values<Own> & { port?: string }
  if (values.help) return void process.stdout.write(renderHelp(command, options))
  if (values.version) return console.log(JSON.parse(readFileSync(manifest, 'utf8')).version)
  const { json, quiet, host = '127.0.0.1', cors = false } = values
  const server = await start(
    {
      port:
        values.port === undefined
          ? parsePort(process.env[variable] || `${command.port}`, variable)
          : parsePort(values.port, '--port'),
      host,
      basePath: values['base-path'] ?? '',
      cors: values['cors-origin'] ?? cors,
      onRequest: json && !quiet ? print : undefined,
    },
    values,
  )
  if (json && !quiet) print({ listening: server.url })
  else if (!quiet) console.log(`The ${name} is listening on ${server.url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close())
}

function print(entry: object): void {
  console.log(JSON.stringify(entry))
}

/** @throws {Error} that names what is wrong. */
function parse(options: Options): object {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    // Node's message goes on with advice that doesn't apply.
    const [first] = (error as Error).message.split(/\. |\n/)
    throw new Error(`${first?.replace(/\.$/, '')}. --help lists the options.`)
  }
}

/** @throws {Error} that names where the port comes from. */
export function parsePort(text: string, source: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new Error(`${source} must be a number from 0 to 65535, not ${JSON.stringify(text)}.`)
}

function renderHelp({ name, about }: { name: string; about: string }, options: Options): string {
  const lines = Object.entries(options).map(([option, { value, help }]) => {
    const left = value ? `--${option} ${value}` : `--${option}`
    return `  ${left.padEnd(20)} ${help}`
  })
  return `Usage: recoveryconnect-${name} [options]\n\n${about}\n\n${lines.join('\n')}\n`
}
