/**
 * Writes `dist/`, which is what is published: the mock together with all that it needs.
 *
 * Prism goes into the bundle because a dependency of it (@scarf/scarf) reports each installation to others. So
 * whoever installs this package installs nothing else, runs no install script, and sends nothing.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { build, type Plugin } from 'rolldown'
import { isolatedDeclarationSync } from 'rolldown/experimental'

// What the mock never calls: random answers, requests to other servers, logging, other kinds of document.
const leftOut = [
  '@faker-js/faker',
  '@stoplight/http-spec/oas2/operation',
  '@stoplight/http-spec/postman/operation',
  'http-proxy-agent',
  'https-proxy-agent',
  'json-schema-faker',
  'node-fetch',
  'pino',
]

const { output } = await build({
  input: { command: 'src/command.ts', mock: 'src/mock.ts' },
  platform: 'node',
  // Its main file loads its parts in a way that no bundler sees.
  resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
  plugins: [standIns()],
  output: { dir: 'dist', cleanDir: true, minify: true },
})
const source = await readFile('src/mock.ts', 'utf8')
await writeFile('dist/mock.d.ts', isolatedDeclarationSync('mock.ts', source).code)
const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
await writeFile('dist/third-party-licenses.txt', await licensesOf(modules))

/** In place of what is left out stands a function that takes every call and does nothing. */
function standIns(): Plugin {
  const id = '\0stand-in.cjs'
  const code = 'const it = new Proxy(function () {}, { get: () => it, apply: () => it }); module.exports = it'
  return {
    name: 'stand-ins',
    resolveId: (source) => (leftOut.includes(source) ? id : undefined),
    load: (loaded) => (loaded === id ? code : undefined),
  }
}

/** The licences of all packages that went into the bundle, as most of them ask for; equal texts stand once. */
async function licensesOf(modules: string[]): Promise<string> {
  const folders = modules.flatMap(
    (id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll('\\', '/')) ?? [],
  )
  const licenses = await Promise.all([...new Set(folders)].sort().map(licenseOf))
  const sections = [...Map.groupBy(licenses, ({ text }) => text)].map(([text, packages]) =>
    [...new Set(packages.map(({ title }) => title))].sort().join('\n').concat('\n\n', text).trim(),
  )
  return `${sections.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

async function licenseOf(folder: string): Promise<{ title: string; text: string }> {
  const { name, version, license, licenses } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'))
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort()
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, 'utf8')))
  const title = `${name} ${version} (${license ?? licenses.map(({ type }: { type: string }) => type).join(', ')})`
  return { title, text: texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n') }
}
