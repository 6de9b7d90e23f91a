/** The packages and files of the workspace. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

export interface Package {
  name: string
  version: string
  /** Absolute. */
  folder: string
  manifest: any
}

/** The published packages, in a fixed order. */
export const released: Package[] = globSync(['spec/package.json', 'packages/*/package.json'], { cwd: root })
  .sort()
  .map((file) => {
    const manifest = json(file)
    return { name: manifest.name, version: manifest.version, folder: join(root, dirname(file)), manifest }
  })
  .filter(({ manifest }) => !manifest.private)

/** Reads a file by its path from the root. */
export function text(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

export function json(file: string): any {
  return JSON.parse(text(file))
}
