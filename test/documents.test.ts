/** What the documents say about the repository is true. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { json, root, text } from './packages.ts'

const listed = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
const files = listed.split('\n').filter((file) => file && existsSync(join(root, file)))
const documents = files.filter(
  (file) => file.endsWith('.md') && !/^docs\/guides\/|^\.changeset\/|CHANGELOG/.test(file),
)

test('every mention of pnpm has the same version', () => {
  const named = files
    .filter((file) => /\.(md|yml|json|ts|mjs)$|Dockerfile$|^\.ci\//.test(file) && file !== 'pnpm-lock.yaml')
    .flatMap((file) =>
      [...text(file).matchAll(/\bpnpm@(\d[\w.]*)/g)].map(([, version]) => ({ file, version })),
    )
  for (const file of ['README.md', 'CONTRIBUTING.md', '.ci/run', '.ci/version'])
    expect(named.map((place) => place.file)).toContain(file)
  const pnpm = json('package.json').devEngines.packageManager
  expect(named.filter(({ version }) => version !== pnpm.version)).toEqual([])
})

test('every mention of Node has the same version', () => {
  const { node } = parse(text('pnpm-workspace.yaml')).catalog
  expect(parse(text('pnpm-workspace.yaml')).nodeVersion).toBe(node)
  expect(text('.github/workflows/ci.yml')).toContain(`node-version: ${node}`)
  expect(text('packages/sandbox/Dockerfile').match(/node:\d[\d.]*/g)).toEqual([
    `node:${node}`,
    `node:${node}`,
  ])
})

describe.each(documents)('%s', (file) => {
  const content = text(file)
  const prose = content.replace(/^```[\s\S]*?^```$/gm, '')

  test('has no broken links', () => {
    const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
    const broken = targets
      .filter((target) => !/^(https?:|mailto:)/.test(target))
      .filter((target) => {
        const [path = '', heading] = target.split('#')
        const at = path === '' ? file : join(dirname(file), path)
        return !existsSync(join(root, at)) || (heading !== undefined && !headings(at).includes(heading))
      })
    expect(broken).toEqual([])
  })

  test('has no program that clears a do-not-contact flag', () => {
    for (const [program] of content.matchAll(/^```[\s\S]*?^```$/gm))
      expect(program).not.toMatch(/\bupdate\([^)]*no_contact\W+0|\bPUT\b[\s\S]*no_contact\W+0/)
  })

  test('names only files that exist', () => {
    const code = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name)
    const paths = code.filter((name) =>
      /^(?:(?:\.ci|\.github|\.changeset|spec|packages|docs|tools|test)\/[\w./-]*\w)$/.test(name),
    )
    expect(
      paths.filter((path) => ![root, join(root, dirname(file))].some((from) => existsSync(join(from, path)))),
    ).toEqual([])
  })

  test('names only scripts that exist', () => {
    const { scripts } = json('package.json')
    const called = [...content.matchAll(/pnpm@[\d.]+ (?:run )?([a-z:]+)/g)].map(([, script = '']) => script)
    const pnpmItself = ['exec', 'install', 'pack']
    expect(called.filter((script) => !pnpmItself.includes(script) && !scripts[script])).toEqual([])
  })
})

test('the files that contributors look for exist', () => {
  for (const file of ['LICENSE', 'SECURITY.md', 'CONTRIBUTING.md', '.github/CODEOWNERS', 'renovate.json'])
    expect(files).toContain(file)
  expect(text('LICENSE')).toMatch(/^MIT License/)
  expect(text('README.md')).toMatch(/The API belongs to its vendor/)
  for (const file of files.filter((name) => name.startsWith('.github/ISSUE_TEMPLATE/')))
    expect(() => parse(text(file))).not.toThrow()
})

test('every path with an owner exists', () => {
  const paths = [...text('.github/CODEOWNERS').matchAll(/^\/(\S+)/gm)].map(([, path = '']) => path)
  expect(paths.length).toBeGreaterThan(3)
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

function headings(file: string): string[] {
  return [...text(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
