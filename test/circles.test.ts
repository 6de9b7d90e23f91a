/**
 * No file imports itself through others, not even for a type. Biome finds circles within a package. Turbo refuses to run
 * packages that depend on each other in a circle.
 */
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { root } from './packages.ts'

const run = promisify(execFile)

test('the linter fails on two files that import types from each other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recoveryconnect-circle-'))
  try {
    await copyFile(join(root, 'biome.json'), join(folder, 'biome.json'))
    await writeFile(
      join(folder, 'one.ts'),
      "import type { Two } from './two.ts'\n\nexport type One = Two | 1\n",
    )
    await writeFile(
      join(folder, 'two.ts'),
      "import type { One } from './one.ts'\n\nexport type Two = One[]\n",
    )
    const { stderr } = await run('biome', ['ci', '--vcs-enabled=false'], { cwd: folder }).catch(
      (failed: { stderr: string }) => failed,
    )
    for (const file of ['one', 'two']) expect(stderr).toMatch(new RegExp(`${file}\\.ts.*noImportCycles`))
  } finally {
    await rm(folder, { recursive: true })
  }
})
