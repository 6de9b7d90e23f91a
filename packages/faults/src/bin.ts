#!/usr/bin/env node
const version: string = process.versions.node
// An older Node can't even load the command.
if (version.localeCompare('22.13', 'en', { numeric: true }) < 0) {
  console.error(`This is Node ${version}, but recoveryconnect-faults needs Node 22.13 or newer.`)
  process.exitCode = 2
} else await import('./command.ts')
