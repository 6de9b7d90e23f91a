/** The files that readers can download: the contract, the Postman collection, and the packages. */
import { globSync, readFileSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { renderPostmanCollection, renderPostmanEnvironment } from './postman.ts'
import { root } from './site.ts'

export interface Package {
  name: string
  description: string
  /** The name of the file in the folder `packages/` of the site. */
  file: string
  /** The commands that install it and, if it has a command, run it. */
  commands: string[]
}

// Astro bundles this file, so paths depend on the working directory: the folder of the package.
const packed = globSync(['../packed/recoveryconnect-*.tgz', '../packages/client-python/dist/*.whl']).sort()
const manifests = globSync(['../spec/package.json', '../packages/*/package.json']).map((file) =>
  JSON.parse(readFileSync(file, 'utf8')),
)

/** The packages that were packed before this build. Only `pnpm run build` packs them. */
export const packages: Package[] = packed.map((path) => {
  const file = basename(path)
  const url = `${root}packages/${file}`
  if (file.endsWith('.whl')) {
    const [, description = ''] =
      readFileSync('../packages/client-python/pyproject.toml', 'utf8').match(/^description = "(.*)"/m) ?? []
    return { name: 'recoveryconnect', description, file, commands: [`pip install ${url}`] }
  }
  const { name, description, bin } = manifests.find(
    ({ name }) => `recoveryconnect-${name.split('/')[1]}` === file.replace(/-\d.*/, ''),
  )
  return {
    name,
    description,
    file,
    commands: [`npm install ${url}`, ...(bin ? [`npx --yes ${url} --help`] : [])],
  }
})

/** The other files, in the root folder of the site. */
export const files: { name: string; description: string }[] = [
  { name: 'openapi.yaml', description: 'The contract, in OpenAPI 3.1' },
  { name: 'openapi.json', description: 'The same as JSON' },
  {
    name: 'openapi-3.0.json',
    description: 'The contract in OpenAPI 3.0, for generators that can’t read 3.1',
  },
  { name: 'postman.json', description: 'The contract as a Postman collection' },
  { name: 'postman-sandbox.json', description: 'The Postman environment for the sandbox on your machine' },
  {
    name: 'postman-production.json',
    description: 'The Postman environment for production, without credentials',
  },
  { name: 'llms.txt', description: 'A list of all pages as Markdown, for assistants' },
  { name: 'llms-full.txt', description: 'All pages as Markdown, in one file' },
]

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
