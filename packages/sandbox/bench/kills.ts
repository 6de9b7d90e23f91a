/** Ends a sandbox that keeps state by SIGKILL, 200 times at a random moment, and looks for what was answered. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Answered, lost, writeUntilKilled } from '../test/kill.ts'

const kills = Number(process.argv[2] ?? 200)
const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
const file = join(folder, 'state.db')
const answered: Answered = new Map()
let missing = 0
for (let kill = 1; kill <= kills; kill++) {
  await writeUntilKilled(file, answered, 1 + Math.floor(Math.random() * 60))
  const found = await lost(file, answered)
  missing += found.length
  if (found.length > 0) console.log(`kill ${kill}: ${found.join('; ')}`)
}
await rm(folder, { recursive: true })
console.log(`${kills} kills, ${answered.size} records answered for, ${missing} lost`)
process.exitCode = missing > 0 ? 1 : 0
