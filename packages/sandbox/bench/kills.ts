/**
 * Looks for confirmed changes that are lost, and for rejected ones that are there: kills a sandbox with a state file 200
 * times at a random moment, the first start included, and fills its disk 20 times.
 */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Expected, fillOnce, mountDisk } from '../test/full-disk.ts'
import { type Confirmed, findLost, killFirstStart, startTwo, writeUntilKilled } from '../test/kill.ts'

const kills = Number(process.argv[2] ?? 200)
const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
let problems = 0
const report = (what: string, found: string[]) => {
  problems += found.length
  if (found.length > 0) console.log(`${what}: ${found.join('; ')}`)
}

const file = join(folder, 'state.db')
const confirmed: Confirmed = new Map()
for (let kill = 1; kill <= kills; kill++) {
  await writeUntilKilled(file, confirmed, 1 + Math.floor(Math.random() * 60))
  report(`kill ${kill}`, await findLost(file, confirmed))
}
console.log(`${kills} kills, ${confirmed.size} records confirmed, ${problems} problems`)

const sizes = new Map<number, number>()
for (let kill = 1; kill <= kills; kill++) {
  const first = join(folder, `first-${kill}.db`)
  const size = await killFirstStart(first, 1 + Math.floor(Math.random() * 8))
  sizes.set(size, (sizes.get(size) ?? 0) + 1)
  report(`first start ${kill}`, await findLost(first, new Map()).catch((error) => [String(error)]))
}
console.log(`${kills} kills of a first start, by size of the file: ${JSON.stringify([...sizes])}`)

for (let round = 1; round <= kills / 10; round++) {
  const { winner } = await startTwo(join(folder, `two-${round}.db`))
  winner.process.kill('SIGKILL')
  await once(winner.process, 'close')
}
console.log(`${kills / 10} times, only one of two sandboxes started on a new file`)

const disk = mountDisk()
if (disk) {
  const expected: Expected = new Map()
  let failures = 0
  for (let round = 1; round <= kills / 10; round++) {
    const { wrong, failed } = await fillOnce(disk.path, expected)
    failures += failed
    report(`full disk ${round}`, wrong)
  }
  disk.unmount()
  console.log(`${kills / 10} full disks, ${failures} writes failed, ${problems} problems in all`)
} else console.log('No full disk, because this user cannot mount one')

await rm(folder, { recursive: true })
process.exitCode = problems > 0 ? 1 : 0
