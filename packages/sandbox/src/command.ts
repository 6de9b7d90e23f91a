import { type Option, runCommand } from '@recoveryconnect/http/command'
import { startSandbox } from './server.ts'

const options = {
  state: { type: 'string', value: 'FILE', help: 'Keep the worlds across restarts in this file.' },
  seed: {
    type: 'string',
    value: 'FILE',
    help: 'Start every world with the orders and borrowers in this file, JSON or YAML.',
  },
  tokens: {
    type: 'string',
    value: 'KIND',
    help: 'Accept any token (default), or only tokens that the authentication call issued.',
  },
  'no-on-demand': {
    type: 'boolean',
    help: 'Turn off Prefer and the ids, numbers, tokens, and password that make a request fail.',
  },
  'page-size': {
    type: 'string',
    value: 'N',
    help: 'Split lists into pages of N records. This is an assumption.',
  },
  'record-bodies': { type: 'boolean', help: 'Add the bodies of requests to /__sandbox/log.' },
  control: { type: 'boolean', help: 'Turn on the page and /__sandbox/ even when listening beyond loopback.' },
  'control-host': {
    type: 'string',
    multiple: true,
    value: 'NAME',
    help: 'Allow this name in the Host header of requests to /__sandbox/. Can be repeated.',
  },
} as const satisfies Record<string, Option>

await runCommand({
  name: 'sandbox',
  about: `Starts a sandbox of the RecoveryConnect API that remembers what you create. Every bearer token opens its own world.`,
  port: 4020,
  manifest: new URL('../package.json', import.meta.url),
  options,
  start: (serve, own) =>
    startSandbox({
      ...serve,
      stateFile: own.state,
      seedFile: own.seed,
      tokens: own.tokens as 'issued' | undefined,
      onDemand: !own['no-on-demand'],
      pageSize: own['page-size'] === undefined ? undefined : Number(own['page-size']),
      recordBodies: own['record-bodies'],
      control: own.control,
      controlHosts: own['control-host'],
    }),
})
