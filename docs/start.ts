/**
 * What `pnpm start` runs after the build: serves the docs, the mock and the sandbox, makes the calls of the vendor's
 * document against the mock, and says where everything listens. Ends with Ctrl-C, or when whatever launched it ends.
 */
import { parseArgs, styleText } from 'node:util'
import { startMock } from '@recoveryconnect/mock'
import { startSandbox } from '@recoveryconnect/sandbox'
import { makeVendorCalls, vendorCurl } from './calls.ts'
import { watchLaunchers } from './launchers.ts'
import { serveDocs } from './serve.ts'

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
  await start()
} catch (error) {
  console.error(
    styleText('red', error instanceof Error ? error.message : String(error), { stream: process.stderr }),
  )
  await end(1)
}

async function start(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(0))
  await watchLaunchers(() => end(0))
  const ports = chosenPorts()
  for (const [index, service] of services.entries()) {
    console.log(styleText('dim', `Starting the ${service.name} …`))
    running.push(await listening(service, ports[index] ?? service.port))
  }
  const mock = running[services.findIndex(({ name }) => name === 'mock')]?.url ?? ''
  console.log('\nThe calls of the vendor’s document, through @recoveryconnect/client against the mock:\n')
  for await (const { status, title, method, path } of makeVendorCalls(mock))
    console.log(
      `  ${styleText('green', String(status))}  ${title.padEnd(31)} ${styleText('dim', `${method} ${path}`)}`,
    )
  const addresses = services.map(
    ({ name }, at) => `  ${name.padEnd(8)} ${styleText('cyan', running[at]?.url ?? '')}`,
  )
  console.log(`
${addresses.join('\n')}

Try it yourself:

  ${vendorCurl(mock)}

Ctrl-C ends all of it.`)
}

/** @throws {Error} that names the flag and the variable, if the port is taken or may not be used. */
async function listening({ name, flag, variable, start }: Service, port: number): Promise<Running> {
  try {
    return await start({ port })
  } catch (error) {
    const reason = { EADDRINUSE: 'is taken', EACCES: 'may not be used' }[codeOf(error)]
    if (!reason) throw error
    const other = port === 65535 ? 0 : port + 1
    throw new Error(
      `Port ${port} for the ${name} ${reason}. Choose another: --${flag} ${other}, or ${variable}=${other}.`,
    )
  }
}

/** A server may tell in words of its own what the system said. */
function codeOf(error: unknown): string {
  const { code, cause } = error as NodeJS.ErrnoException
  return code ?? (cause as NodeJS.ErrnoException | undefined)?.code ?? ''
}

/** In the order of `services`: the flag, else the variable, else the default. */
function chosenPorts(): number[] {
  const options = Object.fromEntries(services.map(({ flag }) => [flag, { type: 'string' as const }]))
  const { values } = parseArgs({ options })
  return services.map(({ flag, variable, port }) => {
    const given = values[flag] ?? (process.env[variable] || String(port))
    if (/^\d{1,5}$/.test(given) && Number(given) <= 65535) return Number(given)
    const source = flag in values ? `--${flag}` : variable
    throw new Error(`${source} is "${given}". A port is a whole number from 0 to 65535.`)
  })
}

async function end(code: number): Promise<never> {
  await Promise.all(running.map(({ close }) => close()))
  process.exit(code)
}
