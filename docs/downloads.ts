/** The files that readers can download: the contract, the Postman collection, and the packages. */
import { globSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
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
  for (const name of globSync('{openapi,postman}*.{yaml,json}', { cwd: '../spec/dist' }))
    await cp(`../spec/dist/${name}`, folder + name)
  await mkdir(`${folder}packages`, { recursive: true })
  await writeFile(`${folder}robots.txt`, `User-agent: *\nAllow: /\nSitemap: ${root}sitemap-index.xml\n`)
  for (const path of packed) await cp(path, `${folder}packages/${basename(path)}`)
}
