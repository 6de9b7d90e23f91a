// Runs before `pnpm pack`, in the package's folder. Builds a package that isn't built, which would be packed empty.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

if (!existsSync('dist')) {
  const { npm_package_name: name, ...env } = process.env
  execFileSync('turbo', ['run', 'build', `--filter=${name}`, '--output-logs=errors-only'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...env, DO_NOT_TRACK: '1' },
  })
}
