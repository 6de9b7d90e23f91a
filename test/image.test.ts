/** How the image packs the sandbox. `packages/sandbox/test/image.test.ts` runs what its container runs. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { root, text } from './packages.ts'

test('the image packs the sandbox from the files that .dockerignore keeps', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recoveryconnect-image-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  copyContext(folder)
  const [, command = ''] = /^RUN (.* pack .*)$/m.exec(text('packages/sandbox/Dockerfile')) ?? []
  const env = { ...process.env, PNPM_CONFIG_VERIFY_DEPS_BEFORE_RUN: 'false' }
  execFileSync('sh', ['-c', command.replace('/build/', `${folder}/`)], { cwd: folder, env, stdio: 'pipe' })
  expect(statSync(join(folder, 'sandbox.tgz')).size).toBeGreaterThan(0)
})

/** Copies what `.dockerignore` keeps of the files that git has or would add. */
function copyContext(folder: string): void {
  const kept = [...text('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path = '']) => path)
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', ...kept]
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
  for (const file of files) cpSync(join(root, file), join(folder, file))
}
