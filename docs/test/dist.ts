/** Reads the built site. */
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Returns the paths of all pages but Redoc, such as `guides/errors-and-retries/`. */
export function listPages(folder: URL): string[] {
  const files = globSync('**/index.html', { cwd: fileURLToPath(folder) })
  return files
    .map((file) => file.replace(/index\.html$/, ''))
    .filter((path) => path !== 'redoc/')
    .sort()
}
