/**
 * Measures what a larger contract costs: repeats the phones and runs every step on a copy of the workspace.
 *
 * Seconds are CPU time, child processes included, so that other programs on the machine matter less. Linux only. A
 * shared machine can be slow for minutes, so the sizes take turns, and the lowest figure of several rounds counts. The
 * exponent is that of the additional cost: 1 means that twice the operations cost twice as much.
 *
 * Exits with 1 if a figure exceeds its limit: see `findExceeded`.
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
import { repeatedContract, repeatedHandlers } from './repeated.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const lint = "(await import('./redocly.ts')).runRedocly(['lint', 'contract'])"
const sizes = [1, 10, 50, 200]
const rounds = 3

/** In the order in which they depend on each other. `out` lists what a step writes; the last columns show its size. */
const steps: { name: string; ours: boolean; folder: string; args: string[]; out?: string[] }[] = [
  { name: 'lint', ours: false, folder: 'spec', args: ['--input-type=module', '--eval', lint] },
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
    name: 'sandbox: operations and examples',
    ours: true,
    folder: 'packages/sandbox',
    args: ['generate.ts'],
    out: ['packages/sandbox/src/core/contract.gen.ts'],
  },
  {
    name: 'sandbox: build',
    ours: false,
    folder: 'packages/sandbox',
    args: [findBinary('packages/sandbox', 'tsdown')],
    out: ['packages/sandbox/dist'],
  },
  {
    name: 'docs',
    ours: true,
    folder: 'docs',
    args: ['node_modules/astro/bin/astro.mjs', 'build'],
    out: ['docs/dist'],
  },
]

const measured = measureAll()
console.table(
  Object.fromEntries(steps.map(({ name, ours }) => [`${name}${ours ? '' : ' (not ours)'}`, toRow(name)])),
)
console.table(Object.fromEntries(Object.keys(measured[0]?.use ?? {}).map((name) => [name, toUseRow(name)])))
for (const message of findExceeded()) {
  console.error(message)
  process.exitCode = 1
}

interface Measured {
  times: number
  cost: Record<string, { seconds: number; bytes: number }>
  /** What the larger contract costs its users, by name. */
  use: Record<string, number>
}

function measureAll(): Measured[] {
  const copies = sizes.map(copyWorkspace)
  try {
    const all = Array.from({ length: rounds }, (_, round) => {
      console.error(`round ${round + 1} of ${rounds}`)
      return sizes.map((times, index) => measure(times, copies[index] ?? ''))
    })
    return sizes.map((_, index) => all.map((round) => round[index] as Measured).reduce(lowest))
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
      const bytes = out.reduce((sum, file) => sum + sizeOf(join(copy, file)), 0)
      return [name, { seconds, bytes }]
    }),
  )
  const use = run([join(copy, 'packages/trials/bench/use.ts'), String(times)], copy)
  return { times, cost, use: JSON.parse(use) }
}

/** Takes the lower one of each figure. */
function lowest(one: Measured, other: Measured): Measured {
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

/** Copies the workspace, enlarges the contract, and adds a file of handlers for each additional resource. */
function copyWorkspace(times: number): string {
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
  const resources = join(copy, 'packages/sandbox/src/resources')
  const phones = readFileSync(join(resources, 'borrower-phones.ts'), 'utf8')
  for (let index = 1; index < times; index++) {
    const { file, text } = repeatedHandlers(phones, index)
    writeFileSync(join(resources, file), text)
  }
  return copy
}

function run(args: string[], cwd: string): string {
  return execFileSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
    // Astro's pages load a package that only pnpm's own start script makes visible.
    env: {
      ...process.env,
      NODE_PATH: join(root, 'node_modules/.pnpm/node_modules'),
      DO_NOT_TRACK: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
    },
  })
}

/** Finds the JavaScript file of a package's command. */
function findBinary(folder: string, name: string): string {
  const require = createRequire(join(root, folder, 'package.json'))
  const manifest = require.resolve(`${name}/package.json`)
  const { bin } = require(manifest) as { bin: string | Record<string, string> }
  return join(manifest, '..', typeof bin === 'string' ? bin : (bin[name] ?? ''))
}

/** CPU time of all child processes that have ended, in seconds. Fields 16 and 17 count ticks of 10 ms. */
function childSeconds(): number {
  const [user = 0, system = 0] =
    readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ').slice(13, 15).map(Number) ?? []
  return (user + system) / 100
}

function sizeOf(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}

function toRow(name: string): Record<string, string> {
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

/** None of our steps may grow faster than linearly, and users may pay nothing for resources that they don't use. */
function findExceeded(): string[] {
  const steep = steps.flatMap(({ name, ours }) => {
    const found = exponent(measured.map(({ cost }) => cost[name]?.seconds ?? 0))
    return ours && found > 1.1 ? [`${name} grows with exponent ${found.toFixed(2)}. The limit is 1.1.`] : []
  })
  const most: Record<string, number> = {
    'client, CPU µs per call': 1.1,
    'sandbox, CPU µs per request': 1.25,
    'program of one resource, bytes (gzip)': 1,
  }
  const costlier = Object.entries(most).flatMap(([name, limit]) => {
    const [before = 0, after = 0] = [measured[0], measured.at(-1)].map((one) => one?.use[name])
    const ratio = after / before
    return ratio <= limit ? [] : [`${name}: ${ratio.toFixed(2)} times as much. The limit is ${limit} times.`]
  })
  return [...steep, ...costlier]
}

function toUseRow(name: string): Record<string, string> {
  return Object.fromEntries(measured.map(({ times, use }) => [`× ${times}`, (use[name] ?? 0).toFixed(1)]))
}

/** From the third size to the fourth, without the cost of the first, so that start-up doesn't hide growth. */
function exponent([one = 0, , some = 0, many = 0]: number[]): number {
  const [, , fewer = 0, more = 0] = sizes
  return Math.log((many - one) / (some - one)) / Math.log((more - 1) / (fewer - 1))
}
