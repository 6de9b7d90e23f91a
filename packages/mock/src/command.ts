#!/usr/bin/env node
import { runCommand } from '@recoveryconnect/http/command'

const { node } = process.versions
// Prism needs it.
if (node.localeCompare('24.18', 'en', { numeric: true }) < 0) {
  console.error(`This is Node ${node}, but the mock needs Node 24.18 or newer.`)
  process.exitCode = 2
} else {
  await runCommand({
    name: 'mock',
    about: `Serves every documented response of the RecoveryConnect API on demand. It has no memory. To choose a response, send
a Prefer header, such as "Prefer: code=404" or "Prefer: example=no-phones".`,
    port: 4010,
    manifest: new URL('../package.json', import.meta.url),
    options: {},
    // Loaded only now, so that the help text and errors in the options appear immediately.
    start: async (options) => (await import('./mock.ts')).startMock(options),
  })
}
