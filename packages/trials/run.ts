/**
 * What is too slow for `test` or needs a network: the packed packages in projects that the frameworks' own starters make,
 * generated clients in many languages under the faults of `@recoveryconnect/faults`, and Schemathesis.
 *
 *   pnpm run trials                       everything, one after the other
 *   pnpm run trials --only nestjs         one project
 *   pnpm run trials --only php            one generated client
 *   pnpm run trials --only clients        all generated clients; or `projects`, or `schemathesis`
 */
import { parseArgs } from 'node:util'
import { clients } from './clients.ts'
import { projects } from './frameworks/projects.ts'
import { tryProjects } from './frameworks/run.ts'
import { judgeClients } from './judge-clients.ts'
import { runSchemathesis, schemathesisTrials } from './schemathesis.ts'

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
const choose = <Trial extends { name: string }>(group: string, trials: readonly Trial[]) =>
  trials.filter(({ name }) => only === undefined || only === group || only === name)
const chosenProjects = choose('projects', projects)
const chosenClients = choose('clients', clients)
const chosenServers = choose('schemathesis', schemathesisTrials)
if (chosenProjects.length + chosenClients.length + chosenServers.length === 0) {
  const names = [
    'projects',
    ...projects.map(({ name }) => name),
    'clients',
    ...clients.map(({ name }) => name),
    'schemathesis',
    ...schemathesisTrials.map(({ name }) => name),
  ]
  console.error(`"${only}" isn't a trial. Use one of these: ${names.join(', ')}.`)
  process.exit(2)
}

const passed = [
  await tryProjects(chosenProjects),
  await judgeClients(chosenClients),
  await runSchemathesis(chosenServers),
]
if (passed.includes(false)) process.exitCode = 1
