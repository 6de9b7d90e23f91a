/**
 * Builds the site into `dist/`: the pages of its own, Redoc's, and what is there to take along.
 *
 * Two builds of one source are equal byte by byte. No page loads anything from another origin. `DOCS_BASE` says where
 * the site will lie if that is not the root of its host; only the page that is not found needs to know.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as bundle } from 'rolldown'
import { contract, operations } from './contract.ts'
import { guides } from './guides.ts'
import { htmlFromAnywhere, htmlOf } from './page.ts'
import { guideFile, llmsText, notFoundPage, pages } from './pages.ts'
import { postmanCollection } from './postman.ts'
import { buildRedoc } from './redoc.ts'
import { redocContract } from './redoc-contract.ts'
import { reference } from './reference.ts'
import { languages } from './samples.ts'
import { dist } from './serve.ts'
import { tryPage } from './try-page.ts'

/** Where a host puts the site: GitHub Pages, for one, in a folder of the repository's name. */
const base = process.env.DOCS_BASE || '/'

if (import.meta.main) await buildSite(dist)

/** @param folder is emptied first; a URL that ends in a slash. */
export async function buildSite(folder: URL): Promise<void> {
  const write = async (name: string, text: string) => {
    const file = new URL(name, folder)
    await mkdir(new URL('.', file), { recursive: true })
    await writeFile(file, text)
  }
  await rm(folder, { recursive: true, force: true })
  await cp(new URL('site/', import.meta.url), folder, { recursive: true })
  for (const page of [...pages(), tryPage()]) await write(page.file, htmlOf(page))
  await write('404.html', htmlFromAnywhere(notFoundPage(), base))
  for (const guide of guides) await write(`guides/${guide.slug}.md`, guideFile(guide))
  await write('reference.md', reference())
  await write('llms.txt', llmsText())
  await write('postman.json', `${JSON.stringify(postmanCollection(), null, 2)}\n`)
  for (const { id, fileOf, render } of languages)
    for (const operation of operations) await write(`samples/${id}/${fileOf(operation)}`, render(operation))
  for (const name of ['openapi.yaml', 'openapi.json', 'openapi-3.0.json'])
    await cp(new URL(`../spec/dist/${name}`, import.meta.url), new URL(name, folder))
  await bundle({
    input: fileURLToPath(new URL('try/try.ts', import.meta.url)),
    platform: 'browser',
    output: { file: fileURLToPath(new URL('try.js', folder)), minify: true },
  })
  await withTemporaryFile(`${contract.info.title}.json`, JSON.stringify(redocContract()), (file) =>
    buildRedoc(file, folder),
  )
}

async function withTemporaryFile(
  name: string,
  text: string,
  use: (file: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'docs-'))
  try {
    await writeFile(join(folder, name), text)
    await use(join(folder, name))
  } finally {
    await rm(folder, { recursive: true })
  }
}
