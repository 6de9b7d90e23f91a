/** Runs `recoveryconnect-verify` from source. Prints only the report to stdout. */
import { execSync } from 'node:child_process'
import { statSync } from 'node:fs'

const changedAt = (file: string) =>
  statSync(new URL(`../../spec/${file}`, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0

// Builds only if it's needed, because a build replaces files that other processes may be reading.
if (changedAt('openapi.yaml') > changedAt('dist/openapi.json'))
  execSync('turbo run build --filter=@recoveryconnect/spec --output-logs=errors-only', {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DO_NOT_TRACK: '1' },
  })
await import('./src/command.ts')
