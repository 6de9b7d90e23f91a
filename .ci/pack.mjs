// Packs the published packages and prints the command that installs them.
// Usage, at the root: npx --yes pnpm@12.21.0 run pack [folder, default: packed]
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const folder = resolve(process.argv[2] ?? 'packed')
mkdirSync(folder, { recursive: true })
const tarballs = () => readdirSync(folder).filter((file) => /^recoveryconnect-.*\.tgz$/.test(file))
for (const old of tarballs()) rmSync(join(folder, old))

const released = globSync(['spec/package.json', 'packages/*/package.json'])
  .map((file) => JSON.parse(readFileSync(file, 'utf8')))
  .filter((manifest) => !manifest.private)
const filters = released.map(({ name }) => `--filter=${name}`)
// The pnpm that runs this script, because npx would ask the registry again.
execFileSync('pnpm', [...filters, '--recursive', 'pack', '--pack-destination', folder], {
  stdio: ['ignore', 'ignore', 'inherit'],
})

const paths = tarballs().map((file) => join(folder, file))
console.log(`To install the packages, run this command in your project. Leave out what you don't need:

npm install ${paths.map((path) => (/\s/.test(path) ? JSON.stringify(path) : path)).join(' ')}`)
