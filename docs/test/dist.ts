/** Reads the built site. */
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Returns the paths of all pages but Redoc, such as `guides/errors-and-retries/`. */
export function listPages(folder: URL): string[] {
  const files = globSync('**/index.html', { cwd: fileURLToPath(folder) })
  return files
    .map((file) => file.replace(/index\.html$/, ''))
    .filter((path) => path !== 'redoc/')
    .sort()
}

/** Runs a command of the dependencies. Returns what it prints. */
export async function run(name: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  // Vitest sets this variable, and Vite would take it for the folder of the site.
  const { BASE_URL: _, ...inherited } = process.env
  const { stdout } = await promisify(execFile)(`node_modules/.bin/${name}`, args, {
    env: { ...inherited, NODE_ENV: 'production', ASTRO_TELEMETRY_DISABLED: '1', ...env },
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error) => {
    throw new Error(`${name} failed:\n${error.stdout}${error.stderr}`)
  })
  return stdout
}
