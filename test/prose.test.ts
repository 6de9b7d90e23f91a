/** Every Markdown file and the contract read as plain English, as far as a linter can tell. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runRedocly } from '../spec/redocly.ts'
import { root } from './packages.ts'

const folder = mkdtempSync(join(tmpdir(), 'recoveryconnect-prose-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function lintProse(...files: string[]): Promise<string[]> {
  const options = ['--config', 'test/redocly.yaml', '--format', 'json']
  const { stdout } = await runRedocly(['recheck', ...files, ...options], { cwd: root }).catch(
    (error) => error,
  )
  const { issues } = JSON.parse(stdout)
  return issues.map(({ file, line, message }: Record<string, unknown>) => `${file}:${line} ${message}`)
}

test('every text follows the rules', async () => {
  const own = listFiles('*.md').filter((file) => !/CHANGELOG|^\.changeset\//.test(file))
  expect(own.length).toBeGreaterThan(10)
  expect(await lintProse(...own, 'spec/openapi.yaml')).toEqual([])
})

test('every page of the site follows the rules', async () => {
  // The linter reads only Markdown.
  const pages = listFiles('docs/**/*.mdx').map((file) => {
    const copy = join(folder, `${file.replaceAll('/', '-').slice(0, -1)}`)
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/^(import .*|<\w.*)$/gm, '')
    writeFileSync(copy, text)
    return copy
  })
  expect(pages.length).toBeGreaterThan(10)
  expect(await lintProse(...pages)).toEqual([])
})

function listFiles(pattern: string): string[] {
  return execFileSync('git', ['ls-files', pattern], { cwd: root, encoding: 'utf8' }).trim().split('\n')
}

test.each([
  'Exit code 2 where the run could not be made or did not get to its end, which none of which says.',
  'The client refuses a body that cannot be meant.',
  'What may be repeated is repeated.',
  'The server answers with 404.',
  'Take along the contract.',
  'A check of a fork is of no branch of ours.',
])('a stilted sentence is found: %s', async (sentence) => {
  const file = join(folder, 'text.md')
  writeFileSync(file, `# A page\n\n${sentence}\n`)
  expect(await lintProse(file)).not.toEqual([])
})
