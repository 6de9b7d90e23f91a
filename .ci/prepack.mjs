// Runs before `pnpm pack`, in the package's folder. Builds the package, so that neither an old build nor none is packed.
// If the build is up to date, turbo takes it from its cache. A task of turbo packs what the tasks before it have built.
import { spawnSync } from 'node:child_process'

const { npm_package_name: name, TURBO_HASH: isTask, ...env } = process.env
if (!isTask) {
  const args = ['run', 'build', `--filter=${name}`, '--output-logs=errors-only']
  const { error, status } = spawnSync('turbo', args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...env, DO_NOT_TRACK: '1' },
  })
  if (error)
    console.error(`${name} can't be built (${error.code}). Run "npx --yes pnpm@12.21.0 install" first.`)
  process.exitCode = status ?? 1
}
