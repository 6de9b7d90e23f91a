/**
 * Starts the docs, the mock, and the sandbox, calls each operation of the mock, and prints the URL of
 * each server. `pnpm start` runs this program after the build. Ctrl-C and SIGTERM stop all servers.
 */
import { parseArgs, styleText } from 'node:util'
import { serveDocs } from '@recoveryconnect/docs'
import { parsePort } from '@recoveryconnect/http/command'
import { startMock } from '@recoveryconnect/mock'
import { startSandbox } from '@recoveryconnect/sandbox'
import { makeCalls, renderCurl } from './calls.ts'

interface Running {
  url: string
  close: () => Promise<void>
}

const services = [
  { name: 'docs', flag: 'docs-port', variable: 'DOCS_PORT', port: 4000, start: serveDocs },
  { name: 'mock', flag: 'mock-port', variable: 'MOCK_PORT', port: 4010, start: startMock },
  { name: 'sandbox', flag: 'sandbox-port', variable: 'SANDBOX_PORT', port: 4020, start: startSandbox },
] as const

type Service = (typeof services)[number]

const running: Running[] = []

try {
  await startAll()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  console.error(styleText('red', message, { stream: process.stderr }))
  await end(1)
}

async function startAll(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(0))
  endWithLauncher()
  const ports = readPorts()
  for (const [index, service] of services.entries()) {
    console.log(styleText('dim', `Starting the ${service.name} …`))
    running.push(await start(service, ports[index] ?? service.port))
  }
  const [, mock] = running
  await printCalls(mock?.url ?? '')
  const addresses = services.map(
    ({ name }, index) => `  ${name.padEnd(8)} ${styleText('cyan', running[index]?.url ?? '')}`,
  )
  console.log(`
${addresses.join('\n')}

To make a call yourself, run this command in another terminal:

  ${renderCurl(mock?.url ?? '')}

Press Ctrl-C to stop all servers.`)
}

async function printCalls(mock: string): Promise<void> {
  console.log('\nEach operation of the contract, sent to the mock with @recoveryconnect/client:\n')
  for await (const { status, title, method, path } of makeCalls(mock))
    console.log(
      `  ${styleText('green', String(status))}  ${title.padEnd(31)} ${styleText('dim', `${method} ${path}`)}`,
    )
}

/** @throws {Error} if the port is in use or requires more privileges. The message names the flag and the variable. */
async function start({ name, flag, variable, start }: Service, port: number): Promise<Running> {
  try {
    return await start({ port })
  } catch (error) {
    const reason = { EADDRINUSE: 'is already in use', EACCES: 'requires more privileges' }[
      (error as NodeJS.ErrnoException).code ?? ''
    ]
    if (!reason) throw error
    const other = port === 65535 ? 0 : port + 1
    throw new Error(
      `Port ${port} for the ${name} ${reason}. Choose another port with --${flag} ${other}, or ${variable}=${other}.`,
    )
  }
}

/** Reads the port of each service from its flag, or else from its variable. Otherwise, uses the default. */
function readPorts(): number[] {
  const options = Object.fromEntries(services.map(({ flag }) => [flag, { type: 'string' as const }]))
  const { values } = parseArgs({ options })
  return services.map(({ flag, variable, port }) => {
    const given = values[flag]
    return given === undefined
      ? parsePort(process.env[variable] || String(port), variable)
      : parsePort(given, `--${flag}`)
  })
}

/** Stops all servers when the script runner that started them is killed, because its signal doesn't arrive here. */
function endWithLauncher(): void {
  const launcher = process.ppid
  if (process.env.npm_lifecycle_event === undefined) return
  setInterval(() => process.ppid !== launcher && end(0), 500).unref()
}

async function end(code: number): Promise<never> {
  await Promise.all(running.map(({ close }) => close()))
  process.exit(code)
}
