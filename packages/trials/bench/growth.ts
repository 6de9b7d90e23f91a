/**
 * What a larger contract costs. The phones are repeated, and every step runs on a copy of the workspace.
 *
 * Seconds are CPU time, children included, so that other programs of the machine count less; Linux only. A machine that
 * others share is slow now and then, for minutes, so all sizes take turns and the least of several rounds counts. The
 * exponent is that of what comes on top of the contract as it is: 1 means twice the operations, twice the cost.
 *
 * Ends with 1 where a limit is passed: see `passed`.
 */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { repeatedBehaviours, repeatedContract } from './repeated.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const redocly = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js')
const sizes = [1, 10, 50, 200]
const rounds = 3

/** In the order in which they need each other. `out` is what a step writes; its size is the last column. */
const steps: { name: string; ours: boolean; folder: string; args: string[]; out?: string[] }[] = [
  { name: 'lint', ours: false, folder: 'spec', args: [redocly, 'lint', 'contract'] },
  { name: 'bundle, 3.0, validators', ours: true, folder: 'spec', args: ['build.ts'], out: ['spec/dist'] },
  { name: 'types', ours: false, folder: 'spec', args: ['schema.ts'], out: ['spec/schema.gen.ts'] },
  {
    name: 'operations',
    ours: true,
    folder: 'packages/client',
    args: ['generate.ts'],
    out: ['packages/client/src/operations.gen.ts'],
  },
  {
    name: 'sandbox: what the kernel runs on',
    ours: true,
    folder: 'packages/sandbox',
    args: ['contract.ts'],
    out: ['packages/sandbox/src/contract.gen.ts'],
  },
  {
    name: 'sandbox: build',
    ours: false,
    folder: 'packages/sandbox',
    args: [binary('packages/sandbox', 'tsdown')],
    out: ['packages/sandbox/dist'],
  },
  { name: 'docs', ours: true, folder: 'docs', args: ['build.ts'], out: ['docs/dist'] },
]

const measured = measureAll()
console.table(
  Object.fromEntries(steps.map(({ name, ours }) => [`${name}${ours ? '' : ' (not ours)'}`, rowOf(name)])),
)
console.table(Object.fromEntries(Object.keys(measured[0]?.use ?? {}).map((name) => [name, useOf(name)])))
for (const message of passed()) {
  console.error(message)
  process.exitCode = 1
}

interface Measured {
  times: number
  cost: Record<string, { seconds: number; bytes: number }>
  /** What users of the larger contract meet, by name. */
  use: Record<string, number>
}

function measureAll(): Measured[] {
  const copies = sizes.map(copied)
  try {
    const all = Array.from({ length: rounds }, (_, round) => {
      console.error(`round ${round + 1} of ${rounds}`)
      return sizes.map((times, index) => measure(times, copies[index] ?? ''))
    })
    return sizes.map((_, index) => all.map((round) => round[index] as Measured).reduce(least))
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true })
  }
}

function measure(times: number, copy: string): Measured {
  const cost = Object.fromEntries(
    steps.map(({ name, folder, args, out = [] }) => {
      const before = childSeconds()
      run(args, join(copy, folder))
      const seconds = childSeconds() - before
      const bytes = out.reduce((sum, file) => sum + bytesOf(join(copy, file)), 0)
      return [name, { seconds, bytes }]
    }),
  )
  const use = run([join(copy, 'packages/trials/bench/use.ts'), String(times)], copy)
  return { times, cost, use: JSON.parse(use) }
}

/** Of each figure the smaller one. */
function least(one: Measured, other: Measured): Measured {
  const cost = Object.entries(one.cost).map(([name, { seconds, bytes }]) => [
    name,
    { seconds: Math.min(seconds, other.cost[name]?.seconds ?? seconds), bytes },
  ])
  const use = Object.entries(one.use).map(([name, value]) => [
    name,
    Math.min(value, other.use[name] ?? value),
  ])
  return { times: one.times, cost: Object.fromEntries(cost), use: Object.fromEntries(use) }
}

/** The workspace with a larger contract, and a file of behaviours for each of its resources. */
function copied(times: number): string {
  const copy = mkdtempSync(join(tmpdir(), 'recoveryconnect-growth-'))
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of new Set(files.toString().trim().split('\n'))) cpSync(join(root, file), join(copy, file))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const folder of [
    'spec',
    'docs',
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`),
  ])
    cpSync(join(root, folder, 'node_modules'), join(copy, folder, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    })
  const contract = join(copy, 'spec/openapi.yaml')
  writeFileSync(contract, repeatedContract(readFileSync(contract, 'utf8'), times))
  const sandbox = join(copy, 'packages/sandbox/src')
  const phones = readFileSync(join(sandbox, 'borrower-phones.ts'), 'utf8')
  for (let index = 1; index < times; index++) {
    const { file, text } = repeatedBehaviours(phones, index)
    writeFileSync(join(sandbox, file), text)
  }
  return copy
}

function run(args: string[], cwd: string): string {
  return execFileSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      DO_NOT_TRACK: '1',
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    },
  })
}

/** The entry of a package's command, for the Node that runs this. */
function binary(folder: string, name: string): string {
  const require = createRequire(join(root, folder, 'package.json'))
  const manifest = require.resolve(`${name}/package.json`)
  const { bin } = require(manifest) as { bin: string | Record<string, string> }
  return join(manifest, '..', typeof bin === 'string' ? bin : (bin[name] ?? ''))
}

/** CPU time of all children that have ended, in seconds: fields 16 and 17, in ticks of 10 ms. */
function childSeconds(): number {
  const [user = 0, system = 0] =
    readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ').slice(13, 15).map(Number) ?? []
  return (user + system) / 100
}

function bytesOf(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).size
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0)
}

function rowOf(name: string): Record<string, string> {
  const cells = measured.map(({ times, cost }) => [`× ${times}, s`, (cost[name]?.seconds ?? 0).toFixed(2)])
  const seconds = measured.map(({ cost }) => cost[name]?.seconds ?? 0)
  const bytes = measured.map(({ cost }) => cost[name]?.bytes ?? 0)
  const sized = sizes.map((times, index) => [`× ${times}, KB`, ((bytes[index] ?? 0) / 1000).toFixed(0)])
  return {
    ...Object.fromEntries(cells),
    exponent: exponent(seconds).toFixed(2),
    ...(bytes[0] && { ...Object.fromEntries(sized), 'exponent of size': exponent(bytes).toFixed(2) }),
  }
}

/** No step of ours grows faster than linearly, and users pay nothing for resources that they do not use. */
function passed(): string[] {
  const steep = steps.flatMap(({ name, ours }) => {
    const found = exponent(measured.map(({ cost }) => cost[name]?.seconds ?? 0))
    return ours && found > 1.1 ? [`${name} grows with the exponent ${found.toFixed(2)}, more than 1.1`] : []
  })
  const most: Record<string, number> = {
    'client, CPU µs per call': 1.1,
    'sandbox, CPU µs per request': 1.25,
    'program of one resource, bytes (gzip)': 1,
  }
  const dearer = Object.entries(most).flatMap(([name, limit]) => {
    const [least = 0, greatest = 0] = [measured[0], measured.at(-1)].map((one) => one?.use[name])
    const ratio = greatest / least
    return ratio <= limit ? [] : [`${name}: ${ratio.toFixed(2)} times as much, more than ${limit} times`]
  })
  return [...steep, ...dearer]
}

function useOf(name: string): Record<string, string> {
  return Object.fromEntries(measured.map(({ times, use }) => [`× ${times}`, (use[name] ?? 0).toFixed(1)]))
}

/** From the third size to the fourth, each less the first: what a start costs hides no growth. */
function exponent([one = 0, , some = 0, many = 0]: number[]): number {
  const [, , fewer = 0, more = 0] = sizes
  return Math.log((many - one) / (some - one)) / Math.log((more - 1) / (fewer - 1))
}
