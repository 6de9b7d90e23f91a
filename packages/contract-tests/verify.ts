/** Runs `recoveryconnect-verify` from source. Builds the contract first; stdout has nothing but the report. */
import { execSync } from 'node:child_process'

execSync('turbo run build --filter=@recoveryconnect/spec --output-logs=errors-only', {
  stdio: ['ignore', 2, 2],
  env: { ...process.env, DO_NOT_TRACK: '1' },
})
await import('./src/command.ts')
