/** The files that readers can download: the contract, the Postman collection, and the packages. */
import { globSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { renderPostmanCollection, renderPostmanEnvironment } from './postman.ts'
import { root } from './site.ts'

/**
 * The packages that were packed before this build. Only `pnpm run build` packs them.
 *
 * Astro bundles this file, so paths depend on the working directory: the folder of the package.
 */
export const packed = globSync(['../packed/recoveryconnect-*.tgz', '../packages/client-python/dist/*.whl'])

/** @param name such as `client`, or `python` for the wheel. */
export function urlOfPackage(name: string): string {
  const isIt = (file: string) => (name === 'python' ? /\.whl$/ : RegExp(`-${name}-\\d.*tgz$`)).test(file)
  const file = packed.map((path) => basename(path)).find(isIt)
  return `${root}packages/${file ?? name}`
}

/** Writes all files but `llms.txt` and `llms-full.txt`, which are made from the pages. */
export async function writeDownloads(folder: string): Promise<void> {
  for (const name of ['openapi.yaml', 'openapi.json', 'openapi-3.0.json'])
    await cp(`../spec/dist/${name}`, folder + name)
  const write = (name: string, content: object) =>
    writeFile(folder + name, `${JSON.stringify(content, null, 2)}\n`)
  await write('postman.json', renderPostmanCollection())
  await write('postman-sandbox.json', renderPostmanEnvironment('sandbox'))
  await write('postman-production.json', renderPostmanEnvironment('production'))
  await mkdir(`${folder}packages`, { recursive: true })
  await writeFile(`${folder}robots.txt`, `User-agent: *\nAllow: /\nSitemap: ${root}sitemap-index.xml\n`)
  for (const path of packed) await cp(path, `${folder}packages/${basename(path)}`)
}
