/** Runs the judge of `@recoveryconnect/faults` on generated clients, and keeps the verdicts in `docs/generated-clients.json`. */
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { judge, type Verdict } from '@recoveryconnect/faults/judge'
import { clients, type GeneratedClient } from './clients.ts'
import { listFindings } from './findings.ts'
import { generateClient } from './openapi-generator.ts'
import { compilePrograms } from './typescript.ts'

/** What `docs/generated-clients.json` has for each client. */
export interface Result {
  name: string
  generator: string
  language: string
  library: string
  /** The day of the runs. */
  date: string
  /** What the second run changes. In Markdown. */
  mending: string
  asGenerated: Run
  mended: Run
}

export interface Run {
  passed: number
  /** What matters most, in Markdown. */
  findings: string[]
  /** By fault and calls: what the client reported, how many requests arrived, and what a user suffers. */
  failed: Record<string, string>
}

const run = promisify(execFile)
const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const resultsFile = new URL('../../docs/generated-clients.json', import.meta.url)
const work = pathOf('dist/clients/')
const typescriptFolder = `${work}typescript/`
const contract = fileURLToPath(import.meta.resolve('@recoveryconnect/spec/openapi-3.0.json'))
/** A client without a deadline waits so much longer in every case that never ends. */
export const graceMs = 1_500

/**
 * Judges the clients one after the other and updates their verdicts.
 *
 * @returns whether each of them could be judged, and does what it did before.
 */
export async function judgeClients(chosen: readonly GeneratedClient[]): Promise<boolean> {
  let same = true
  await mkdir(work, { recursive: true })
  if (chosen.some(({ probe }) => !probe)) await buildTypeScript()
  for (const client of chosen) {
    const start = performance.now()
    const outcome = await judgeClient(client).catch((error: Error) => error.message)
    same &&= outcome === 'as before'
    console.log(`${client.name}: ${outcome} after ${((performance.now() - start) / 1000).toFixed(0)} s`)
  }
  return same
}

async function judgeClient(client: GeneratedClient): Promise<string> {
  const found = await execute(client.probe ?? 'true', work).then(
    () => true,
    () => false,
  )
  if (!found) return `skipped, because it needs ${client.needs},`
  const folder = await build(client)
  const [language = '', library = ''] = (await execute(client.versions, folder)).trim().split('\n')
  const { name, generator, mending } = client
  // Most of the time, they wait.
  const [asGenerated, mended] = await Promise.all([
    runJudge(client, folder, []),
    runJudge(client, folder, ['mended']),
  ])
  const result: Result = {
    name,
    generator,
    language,
    library,
    date: new Date().toISOString().slice(0, 10),
    mending: mending.join(', '),
    asGenerated,
    mended,
  }
  return save(result)
}

/** Generates the clients in TypeScript, and compiles their adapters. @throws {Error} if one doesn't compile */
export async function buildTypeScript(folder = typescriptFolder): Promise<void> {
  const errors = await compilePrograms(folder, 'adapters', 'adapter.ts', 'frame.ts')
  if (errors.size) throw new Error([...errors.values()].flat().join('\n'))
}

/** Returns the folder of the client. */
async function build(client: GeneratedClient): Promise<string> {
  const { name, probe, template, files, texts = {}, build } = client
  if (!probe) return `${typescriptFolder}compiled/${name}`
  const folder = `${work}${name}`
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  if (template) {
    const [language, ...options] = template
    await generateClient(language, await readFile(contract, 'utf8'), folder, options)
  }
  for (const [from, to] of Object.entries(files)) {
    await mkdir(dirname(`${folder}/${to}`), { recursive: true })
    await cp(pathOf(`adapters/${from}`), `${folder}/${to}`)
  }
  for (const [file, text] of Object.entries(texts)) await writeFile(`${folder}/${file}`, text)
  for (const command of build) await execute(command, folder)
  return folder
}

async function execute(command: string, cwd: string): Promise<string> {
  const env = { ...process.env, CONTRACT: contract, NODE: process.execPath }
  return (await run('sh', ['-c', command], { cwd, env })).stdout
}

/** @param args `mended` for the settings that mend it. */
async function runJudge({ command }: GeneratedClient, folder: string, args: string[]): Promise<Run> {
  const { verdicts } = await judge({ command: startAdapter(command, folder, args), graceMs })
  return summarize(verdicts)
}

export function startAdapter(command: string, folder: string, args: string[]): string[] {
  const start = command.replace('"$NODE"', `'${process.execPath}'`)
  return ['sh', '-c', `cd "$0" && exec ${start} "$@"`, folder, ...args]
}

/** Calls that end in the same way share an entry. */
export function summarize(verdicts: Verdict[]): Run {
  const failed = verdicts.filter(({ problems }) => problems.length)
  const groups = Map.groupBy(failed, ({ fault, seen, problems }) =>
    JSON.stringify([fault, `${seen}: ${problems.join(' ')}`]),
  )
  const entries = [...groups].map(([key, group]) => {
    const [fault, verdict] = JSON.parse(key)
    return [`${fault}/${group.map(({ call }) => call).join(',')}`, verdict]
  })
  const byFault = Object.fromEntries(entries)
  return { passed: verdicts.length - failed.length, findings: listFindings(byFault), failed: byFault }
}

export async function readResults(): Promise<Result[]> {
  return JSON.parse(await readFile(resultsFile, 'utf8'))
}

async function save(result: Result): Promise<string> {
  const results = await readResults()
  const before = results.find(({ name }) => name === result.name)
  const others = results.filter((one) => one !== before)
  const all = clients.flatMap(({ name }) => [...others, result].find((one) => one.name === name) ?? [])
  await writeFile(resultsFile, `${JSON.stringify(all, null, 2)}\n`)
  const verdicts = (one?: Result) => JSON.stringify([one?.asGenerated, one?.mended])
  return verdicts(before) === verdicts(result)
    ? 'as before'
    : 'differs from before: see docs/generated-clients.json,'
}
