import { parseArgs, styleText } from 'node:util'
import { startSandbox } from './server.ts'

const help = `Usage: recoveryconnect-sandbox [options]

Starts a sandbox of the RecoveryConnect API that remembers what you create. Every bearer token opens its own world.

  --port PORT    Port to listen on (default 4020, or SANDBOX_PORT). 0 picks any free port.
  --host HOST    Address to listen on (default 127.0.0.1).
  --state FILE   Keep the worlds across restarts in this file.
  --seed FILE    Start every world with the orders and borrowers in this file, JSON or YAML.
  --tokens KIND  Accept any token (default), or only tokens that the authentication call issued.
  --no-on-demand Turn off Prefer and the ids, numbers, tokens and password that make a request fail.
  --page-size N  Split lists into pages of N records. This is an assumption.
  --record-bodies  Add the bodies of requests to /__sandbox/log.
  --control      Turn on the page and /__sandbox/ even when listening beyond loopback.
  --help         Show this help.
`

try {
  await run()
} catch (error) {
  console.error(styleText('red', (error as Error).message, { stream: process.stderr }))
  process.exitCode = 1
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: process.env.SANDBOX_PORT || '4020' },
      host: { type: 'string', default: '127.0.0.1' },
      state: { type: 'string' },
      seed: { type: 'string' },
      tokens: { type: 'string' },
      'no-on-demand': { type: 'boolean' },
      'page-size': { type: 'string' },
      'record-bodies': { type: 'boolean' },
      control: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return void process.stdout.write(help)
  const sandbox = await startSandbox({
    port: parsePort(values.port),
    host: values.host,
    ...(values.state !== undefined && { stateFile: values.state }),
    ...(values.seed !== undefined && { seedFile: values.seed }),
    ...(values.tokens !== undefined && { tokens: values.tokens as 'issued' }),
    ...(values['no-on-demand'] && { onDemand: false }),
    ...(values['page-size'] !== undefined && { pageSize: Number(values['page-size']) }),
    ...(values['record-bodies'] && { recordBodies: true }),
    ...(values.control !== undefined && { control: values.control }),
  })
  console.log(`The sandbox is listening on ${sandbox.url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => sandbox.close())
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new Error(`--port must be a number from 0 to 65535, not ${JSON.stringify(text)}`)
}
