/** The guide "Connect through a proxy", with a real proxy and a server whose certificate authority is private. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle } from '../bench/figures.ts'
import { bunBinary, compile, type Output, readBlocks, readGuide, run, runWithNode } from './guides.ts'
import { expectNoSecret } from './leaks.ts'
import { type CleanUp, ids, listen, newPhone, phone, secrets } from './servers.ts'

const slug = 'connect-through-a-proxy'
const [variables = ''] = readBlocks(slug, 'sh')
const [proxy = '', fromVariables = '', certificate = '', both = '', inBun = '', inDeno = ''] = readBlocks(
  slug,
  'ts',
)
const direct = proxy.replace(/^.*'undici'\n|^const dispatcher.*\n|, fetch: .*(?= \}\)$)/gm, '')
const withoutUndici = certificate.replace(/^.*'undici'\n|^const dispatcher.*\n/gm, '')
const programs = {
  direct,
  proxy,
  fromVariables: substitute(proxy, 'dispatcher', fromVariables).replace(
    'ProxyAgent }',
    'EnvHttpProxyAgent }',
  ),
  certificate,
  both: substitute(certificate, 'dispatcher', both).replace('{ Agent,', '{ ProxyAgent,'),
  inBun: substitute(withoutUndici, 'rc', inBun),
  inDeno: substitute(withoutUndici, 'rc', inDeno),
}

const password = 'pass-8f14e45f'
const encoded = Buffer.from(`user:${password}`).toString('base64')
const host = 'api.example.com'
let folder = ''
let identity: ServerOptions

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recoveryconnect-proxy-'))
  const ca = await generate([{ name: 'commonName', value: 'Private CA' }], {
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
  })
  const issue = (...names: string[]) =>
    generate([{ name: 'commonName', value: names[0] }], {
      ca: { key: ca.private, cert: ca.cert },
      extensions: [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) }],
    })
  const [server, client] = [await issue(host, 'localhost'), await issue('client')]
  identity = { key: server.private, cert: server.cert, ca: ca.cert }
  await writeFile(join(folder, 'example-ca.pem'), ca.cert)
  await writeFile(join(folder, 'client.pem'), client.cert)
  await writeFile(join(folder, 'client-key.pem'), client.private)
})
afterAll(() => rm(folder, { recursive: true }))

type Name = keyof typeof programs
type Runtime = 'Node' | 'Bun' | 'Deno'

test.concurrent('the programs for Node compile', async (t) => {
  const { inBun, inDeno, ...forNode } = programs
  t.expect(await compile(Object.values(forNode))).toBe('')
})

test.concurrent.for<[name: Name, runtime: Runtime, variables: RegExp]>([
  ['direct', 'Node', /./],
  ['direct', 'Bun', /./],
  ['direct', 'Deno', /./],
  ['proxy', 'Node', /EXTRA/],
  ['fromVariables', 'Node', /EXTRA|^HTTPS|^NO_/],
  ['both', 'Node', /^$/],
  ['inBun', 'Bun', /^HTTPS/],
])('the program "%s" reaches the API through the proxy in %s', async ([name, runtime, variables], t) => {
  const certificate = name === 'both' || name === 'inBun'
  const api = await startApi(t.onTestFinished, { certificate })
  const tunnel = await startProxy(t.onTestFinished, api.port)
  const { stdout } = await start(runtime, programs[name], tunnel.url, variables)
  t.expect(stdout).toBe('1 phones\n')
  t.expect(new Set(tunnel.opened)).toEqual(new Set([`${host}:443`]))
  t.expect(tunnel.requests).toEqual([])
  t.expect(tunnel.credentials).toContain(`Basic ${encoded}`)
  expectNoSecret(tunnel.seen())
  t.expect(api.arrived).toEqual([expect.objectContaining({ authorization: `Bearer ${secrets.token}` })])
  // As the guide says of Deno 2.9.
  t.expect('proxy-authorization' in (api.arrived[0] ?? {})).toBe(runtime === 'Deno')
})

test.concurrent.for<[name: Name, runtime: Runtime]>([
  ['certificate', 'Node'],
  ['inBun', 'Bun'],
  ['inDeno', 'Deno'],
])('the program "%s" sends a client certificate without a proxy in %s', async ([name, runtime], t) => {
  const api = await startApi(t.onTestFinished, { certificate: true })
  const { stdout } = await start(runtime, programs[name], '', /^$/, api.url)
  t.expect(stdout).toBe('1 phones\n')
})

test.concurrent.for<Runtime>(['Node', 'Bun', 'Deno'])('NO_PROXY applies in %s', async (runtime, t) => {
  const api = await startApi(t.onTestFinished)
  const tunnel = await startProxy(t.onTestFinished, api.port)
  const { stdout } = await start(runtime, programs.direct, tunnel.url, /./, api.url)
  t.expect(stdout).toBe('1 phones\n')
  t.expect([...tunnel.opened, ...tunnel.requests]).toEqual([])
})

test.concurrent('no redirect is followed, neither of the API nor of the proxy', async (t) => {
  const api = await startApi(t.onTestFinished, { status: 307 })
  const tunnel = await startProxy(t.onTestFinished, api.port)
  const failed = await start('Node', failing('proxy'), tunnel.url, /EXTRA/)
  t.expect(JSON.parse(failed.stdout)).toMatchObject({ kind: 'unexpected_response' })
  t.expect(tunnel.opened).toEqual([`${host}:443`])
  const moved = await startProxy(t.onTestFinished, api.port, 307)
  t.expect(JSON.parse((await start('Node', failing('proxy'), moved.url, /EXTRA/)).stdout)).toMatchObject({
    kind: 'connection',
  })
  t.expect(moved.opened).toEqual([`${host}:443`])
})

describe.each<Name>(['direct', 'proxy'])(
  'the error of the program "%s" has the code in the guide',
  (name) => {
    const rows = [...readGuide(slug).matchAll(/^\| (.*?) +\| (.*?) +\| (No|Unknown) +\|$/gm)]

    test.concurrent.for<[cause: RegExp, settings: Faults]>([
      [/isn't running/, { url: 'http://127.0.0.1:1' }],
      [/doesn't exist/, { url: 'http://no-such-host.invalid:3128' }],
      [/407/, { refusal: 407 }],
      [/502/, { refusal: 502 }],
      [/CA/, { variables: /PROXY/ }],
      [/CA/, { variables: /PROXY/, chain: true }],
      [/client certificate/, { certificate: true }],
    ])('%s', async ([cause, faults], t) => {
      const api = await startApi(t.onTestFinished, faults)
      const tunnel = await startProxy(t.onTestFinished, api.port, faults.refusal)
      const output = await start('Node', failing(name), faults.url ?? tunnel.url, faults.variables ?? /./)
      const [, , codes, stored] = rows.find(([, text = '']) => cause.test(text)) ?? []
      const { code, ...error } = JSON.parse(output.stdout)
      t.expect(codes?.split(', ')).toContain(code ? `\`${code}\`` : 'None')
      t.expect(error).toEqual({
        kind: 'connection',
        attempts: 1,
        mayHaveBeenCarriedOut: stored === 'Unknown',
      })
      t.expect(api.arrived).toEqual([])
      expectNoSecret(output.stderr + tunnel.seen())
      for (const secret of [password, encoded]) t.expect(output.stderr).not.toContain(secret)
    })
  },
)

interface Faults {
  url?: string
  refusal?: number
  variables?: RegExp
  certificate?: boolean
  chain?: boolean
}

/** Replaces a declaration of a program by the one that the guide prints for another case. */
function substitute(program: string, name: string, declaration: string): string {
  return program.replace(new RegExp(`^const ${name} = .*\n`, 'm'), declaration)
}

/** The program with a create instead of its call. It prints the error in every way. */
function failing(name: Name): string {
  const call = `import { inspect } from 'node:util'
const { error } = await rc.borrowerPhones.create(${JSON.stringify(ids)}, ${JSON.stringify(newPhone)}).result()
const { kind, code, attempts, mayHaveBeenCarriedOut } = error
console.log(JSON.stringify({ kind, code, attempts, mayHaveBeenCarriedOut }))
console.error(error, error.stack, JSON.stringify(error), inspect(error, { depth: 20, showHidden: true }))`
  return programs[name].replace(/^const \{ data[\s\S]*/m, call)
}

/** Runs a program. Only the host of the proxy and the folder of the certificates are replaced. */
async function start(
  runtime: Runtime,
  program: string,
  proxyUrl: string,
  chosen: RegExp,
  baseUrl = `https://${host}`,
): Promise<Output> {
  const fill = (text: string) =>
    text.replaceAll('http://proxy.example.com:3128', proxyUrl).replaceAll('/etc/ssl', folder)
  const printed = [...fill(variables).matchAll(/^export (\w+)='?([^'\n]*)/gm)]
  expect(printed).toHaveLength(4)
  const env = {
    ...Object.fromEntries(
      printed.flatMap(([, name = '', value]) => (chosen.test(name) ? [[name, value]] : [])),
    ),
    RECOVERYCONNECT_TOKEN: secrets.token,
    RECOVERYCONNECT_URL: baseUrl,
  }
  if (runtime === 'Node') return runWithNode(fill(program), env)
  const file = join(folder, `${crypto.randomUUID()}.mjs`)
  await writeFile(file, await bundle(fill(program)))
  const flags = ['--allow-net', '--allow-env', '--allow-read', '--no-remote', '--no-npm', '--no-config']
  return runtime === 'Bun' ? run(bunBinary(), ['run', file], env) : run('deno', ['run', ...flags, file], env)
}

/** Starts the API with TLS. It records the headers of the requests. */
async function startApi(cleanUp: CleanUp, { certificate = false, chain = false, status = 200 } = {}) {
  const arrived: NodeJS.Dict<string | string[]>[] = []
  // With `ca`, the server also sends the certificate of its CA.
  const { ca, ...own } = identity
  const clients = { requestCert: certificate, rejectUnauthorized: certificate }
  const options = { ...own, ...(certificate || chain ? { ca } : {}), ...clients }
  const server = createHttpsServer(options, (request, response) => {
    arrived.push(request.headers)
    response.writeHead(status, { location: 'https://elsewhere.example.com/' })
    response.end(JSON.stringify({ data: [phone] }))
  })
  const port = await listen(server, cleanUp)
  return { port, url: `https://localhost:${port}`, arrived }
}

/** Starts a proxy that leads every tunnel to one port, or refuses it. It records everything it can see. */
async function startProxy(cleanUp: CleanUp, port: number, refusal?: number) {
  const opened: string[] = []
  const requests: string[] = []
  const credentials: string[] = []
  const seen: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.end()
  })
  server.on('connect', (request, socket, head) => {
    opened.push(request.url ?? '')
    credentials.push(request.headers['proxy-authorization'] ?? '')
    seen.push(request.rawHeaders.join('\n'))
    const refused = `HTTP/1.1 ${refusal} Any\r\nLocation: http://elsewhere.example.com/\r\nContent-Length: 0\r\n\r\n`
    if (refusal) return socket.end(refused)
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.write(head)
      socket.pipe(upstream).pipe(socket)
    })
    socket.on('data', (chunk) => seen.push(chunk.toString('latin1'))).on('close', () => upstream.destroy())
    for (const end of [socket, upstream]) end.on('error', () => socket.destroy())
  })
  const url = `http://user:${password}@127.0.0.1:${await listen(server, cleanUp)}`
  return { url, opened, requests, credentials, seen: () => seen.join('\n') }
}
