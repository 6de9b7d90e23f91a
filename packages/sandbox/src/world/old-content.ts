import type { Collection } from './collection.ts'
import type { PlacedRow, SavedWorld, WorldContent } from './journal.ts'
import { readWorldFile } from './world-file.ts'
import { writeWorldFile } from './world-file-writer.ts'

/** Completes a world of an earlier version, which stored only the paths `57062885` and `57062885/124927241`. */
export function completeOldContent(
  { parents = [], rows, nextIds }: SavedWorld['content'],
  collections: readonly Collection[],
  time: string,
): WorldContent {
  const above = parents.map((path): PlacedRow => {
    const [order = '', borrower] = path.split('/')
    if (borrower === undefined) return { collection: 'orders', parent: '', record: { id: Number(order) } }
    return { collection: 'borrowers', parent: order, record: { id: Number(borrower) } }
  })
  const file = writeWorldFile({ rows: [...above, ...rows], nextIds }, collections)
  return readWorldFile(file, collections, time)
}
