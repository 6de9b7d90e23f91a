// Gives the contract the version of its package, and keeps it as the released contract that later changes are compared
// with. Usage, at the root, after `changeset version`: node .ci/contract-version.mjs
import { readFileSync, writeFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync('spec/package.json', 'utf8'))
const contract = readFileSync('spec/openapi.yaml', 'utf8')
const versioned = contract.replace(/^(info:\n(?: .*\n|\n)*? {2}version: ).*$/m, `$1${version}`)
if (!versioned.includes(`\n  version: ${version}\n`))
  throw new Error('spec/openapi.yaml has no info.version. Add "version:" below "info:".')

writeFileSync('spec/openapi.yaml', versioned)
writeFileSync('spec/release/openapi.yaml', versioned)
