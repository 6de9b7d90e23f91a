/**
 * Builds the site into `dist/`: its pages, Redoc's page, and the downloads.
 *
 * Two builds of the same source are identical. No page loads anything from another origin.
 *
 * If the site isn't at the root of its host, set `DOCS_BASE` to its folder, such as `/recoveryconnect/`. Only the 404 page
 * uses it.
 */
import { cp, mkdir, mkdtempDisposable, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readModel } from '@recoveryconnect/spec/model'
import { build as bundle } from 'rolldown'
import { guides } from './guides.ts'
import { renderPage, renderPageForAnyUrl } from './page.ts'
import { notFoundPage, referencePage, renderGuideFile, renderLlmsText, startPage } from './pages.ts'
import { renderPostmanCollection } from './postman.ts'
import { buildRedoc } from './redoc.ts'
import { renderRedocContract } from './redoc-contract.ts'
import { renderReference } from './reference.ts'
import { exampleCall, languages } from './samples.ts'
import { dist } from './serve.ts'
import { tryPage } from './try-page.ts'

if (import.meta.main) await buildSite(dist)

/** @param folder a URL that ends in a slash. The build deletes the files in the folder first. */
export async function buildSite(folder: URL): Promise<void> {
  const { title, operations } = readModel()
  const write = async (name: string, text: string) => {
    const file = new URL(name, folder)
    await mkdir(new URL('.', file), { recursive: true })
    await writeFile(file, text)
  }
  await rm(folder, { recursive: true, force: true })
  await cp(new URL('site/', import.meta.url), folder, { recursive: true })
  for (const page of [startPage(), referencePage(), tryPage()]) await write(page.file, renderPage(page))
  await write('404.html', renderPageForAnyUrl(notFoundPage(), process.env.DOCS_BASE || '/'))
  for (const guide of guides) await write(`guides/${guide.slug}.md`, renderGuideFile(guide))
  await write('reference.md', renderReference())
  await write('llms.txt', renderLlmsText())
  await write('postman.json', `${JSON.stringify(renderPostmanCollection(), null, 2)}\n`)
  for (const { id, nameFile, render } of languages)
    for (const operation of operations)
      await write(`samples/${id}/${nameFile(operation)}`, render(operation, exampleCall(operation)))
  for (const name of ['openapi.yaml', 'openapi.json', 'openapi-3.0.json'])
    await cp(new URL(`../spec/dist/${name}`, import.meta.url), new URL(name, folder))
  await bundle({
    input: fileURLToPath(new URL('try/try.ts', import.meta.url)),
    platform: 'browser',
    output: { file: fileURLToPath(new URL('try.js', folder)), minify: true },
  })
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'docs-'))
  const contract = join(temporary.path, `${title}.json`)
  await writeFile(contract, JSON.stringify(renderRedocContract()))
  await buildRedoc(contract, folder)
}
