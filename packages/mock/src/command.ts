#!/usr/bin/env node
import { parseArgs, styleText } from 'node:util'
import type { MockOptions } from './mock.ts'

const help = `Serves every documented answer of the RecoveryConnect API on demand. It has no memory.

  recoveryconnect-mock [--port 4010] [--host 127.0.0.1]

  --port  the port to listen on; 0 takes a free one (or MOCK_PORT)
  --host  the address to listen on
  --help  this text

Name the answer you want in the request, as in "Prefer: code=404" or "Prefer: example=no-phones".`

const reasons: Record<string, (options: MockOptions) => string> = {
  EADDRINUSE: ({ port, host }) => `Port ${port} on ${host} is taken. Choose another one with --port.`,
  EACCES: ({ port }) => `Port ${port} is not open to you. Choose one above 1023 with --port.`,
  EADDRNOTAVAIL: ({ host }) =>
    `This machine does not have the address ${host}. Choose another one with --host.`,
  ENOTFOUND: ({ host }) => `There is no host ${host}. Choose another one with --host.`,
}

await run().catch((error: NodeJS.ErrnoException) => {
  console.error(`${styleText('red', 'recoveryconnect-mock:', { stream: process.stderr })} ${error.message}`)
  process.exitCode = 1
})

async function run(): Promise<void> {
  const { node } = process.versions
  if (Number.parseInt(node, 10) < 22) throw new Error(`Node 24.18 or newer is needed, this is ${node}.`)
  const { help: asked, ...options } = optionsIn(process.argv.slice(2), process.env)
  if (asked) return console.log(help)
  // Loaded late, so that help and wrong arguments are answered at once.
  const { startMock } = await import('./mock.ts')
  const mock = await startMock(options).catch((error: NodeJS.ErrnoException) => {
    const reason = reasons[error.code ?? '']
    throw reason ? new Error(reason(options), { cause: error }) : error
  })
  console.log(`The mock listens on ${mock.url} (Ctrl-C ends it)`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => mock.close())
}

function optionsIn(
  args: string[],
  environment: NodeJS.ProcessEnv,
): Required<MockOptions> & { help: boolean } {
  const { values } = parseArgs({
    args,
    options: { port: { type: 'string' }, host: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  const [name, port] =
    values.port === undefined && environment.MOCK_PORT
      ? ['MOCK_PORT', environment.MOCK_PORT]
      : ['--port', values.port ?? '4010']
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`${name} has to be a number from 0 to 65535, not "${port}".`)
  }
  return { port: Number(port), host: values.host || '127.0.0.1', help: values.help ?? false }
}
