import { parseArgs, styleText } from 'node:util'
import { startFaults } from './server.ts'

const help = `Usage: recoveryconnect-faults [options]

Starts a server that breaks the RecoveryConnect API in every way that networks and servers do.

  --port PORT    Port to listen on (default 4050). 0 picks any free port.
  --host HOST    Address of this machine to listen on (default 127.0.0.1).
  --help         Show this help.
`

try {
  await run()
} catch (error) {
  console.error(styleText('red', (error as Error).message, { stream: process.stderr }))
  process.exitCode = 2
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4050' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return void process.stdout.write(help)
  const server = await startFaults({ port: parsePort(values.port), host: values.host })
  console.log(`The fault server is listening on ${server.url}`)
  console.log(`It lists its faults at ${server.url}/faults`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close())
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new Error(`--port must be a number from 0 to 65535, not ${JSON.stringify(text)}`)
}
