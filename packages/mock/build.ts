/**
 * Writes `dist/`, the published package: the mock and everything it needs, in one bundle that is a CommonJS module.
 *
 * Prism is in the bundle because one of its dependencies, @scarf/scarf, reports every installation to a third party.
 * Installing this package installs nothing else, runs no install script and sends nothing.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { build } from 'rolldown'
import { isolatedDeclarationSync } from 'rolldown/experimental'
import { leaveOut, replaceUrlResolve, unused } from './stubs.ts'

const { output } = await build({
  input: { mock: 'src/mock.ts' },
  platform: 'node',
  // A bundler can't resolve the way that its main file loads its parts.
  resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
  plugins: [leaveOut(unused), replaceUrlResolve()],
  output: { dir: 'dist', format: 'cjs', entryFileNames: '[name].cjs', cleanDir: true, minify: true },
})
// The ES module hands on what the CommonJS module exports, so that the package has the bundle only once.
await writeFile('dist/mock.js', "export { startMock } from './mock.cjs'\n")
await build({
  input: { command: 'src/command.ts' },
  platform: 'node',
  external: (id) => id.endsWith('mock.ts'),
  output: { dir: 'dist', paths: (id) => id.replace(/.*mock\.ts$/, './mock.js'), minify: true },
})
const types = isolatedDeclarationSync('mock.ts', await readFile('src/mock.ts', 'utf8')).code
await Promise.all(['ts', 'cts'].map((extension) => writeFile(`dist/mock.d.${extension}`, types)))
const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
await writeFile('dist/third-party-licenses.txt', await collectLicenses(modules))

/** The licenses of all bundled packages, as most licenses demand. Equal texts appear once. */
async function collectLicenses(modules: string[]): Promise<string> {
  const folders = modules.flatMap(
    (id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll('\\', '/')) ?? [],
  )
  const licenses = await Promise.all([...new Set(folders)].sort().map(readLicense))
  const sections = [...Map.groupBy(licenses, ({ text }) => text)].map(([text, packages]) =>
    [...new Set(packages.map(({ title }) => title))].sort().join('\n').concat('\n\n', text).trim(),
  )
  return `${sections.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

async function readLicense(folder: string): Promise<{ title: string; text: string }> {
  const { name, version, license, licenses } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'))
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort()
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, 'utf8')))
  const title = `${name} ${version} (${license ?? licenses.map(({ type }: { type: string }) => type).join(', ')})`
  return { title, text: texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n') }
}
