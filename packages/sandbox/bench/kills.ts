/** Kills a sandbox with a state file 200 times at a random moment, and looks for confirmed changes that are lost. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Confirmed, findLost, writeUntilKilled } from '../test/kill.ts'

const kills = Number(process.argv[2] ?? 200)
const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
const file = join(folder, 'state.db')
const confirmed: Confirmed = new Map()
let missing = 0
for (let kill = 1; kill <= kills; kill++) {
  await writeUntilKilled(file, confirmed, 1 + Math.floor(Math.random() * 60))
  const found = await findLost(file, confirmed)
  missing += found.length
  if (found.length > 0) console.log(`kill ${kill}: ${found.join('; ')}`)
}
await rm(folder, { recursive: true })
console.log(`${kills} kills, ${confirmed.size} records confirmed, ${missing} lost`)
process.exitCode = missing > 0 ? 1 : 0
