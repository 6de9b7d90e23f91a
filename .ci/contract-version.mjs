// Gives the contract the version of its package, and keeps it as the released one that later changes are held against.
// Usage: node .ci/contract-version.mjs, after `changeset version`, at the root.
import { readFileSync, writeFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync('spec/package.json', 'utf8'))
const contract = readFileSync('spec/openapi.yaml', 'utf8')
const versioned = contract.replace(/^(info:\n(?: .*\n|\n)*? {2}version: ).*$/m, `$1${version}`)
if (!versioned.includes(`\n  version: ${version}\n`))
  throw new Error('spec/openapi.yaml has no info.version to set.')

writeFileSync('spec/openapi.yaml', versioned)
writeFileSync('packages/contract-tests/released/openapi.yaml', versioned)
