import { expect, test } from 'vitest'
import { progressOn } from '../src/progress.ts'
import { promises } from '../src/promises.ts'
import type { Finding } from '../src/report.ts'

const finding: Finding = { id: 'list-answers', operation: 'listBorrowerPhones', says: '', outcome: 'held' }

function written(terminal: { isTTY?: boolean; columns?: number }): string[] {
  const texts: string[] = []
  const progress = progressOn({ ...terminal, write: (text) => texts.push(text) })
  progress.show(finding)
  progress.show(finding)
  progress.end()
  return texts
}

test('a terminal shows one line, and is empty again at the end', () => {
  const line = (count: number) => `\r\u001b[K${count} of ${promises.length}  listBorrowerPhones: list-answers`
  for (const columns of [undefined, 0, 100])
    expect(written({ isTTY: true, ...(columns !== undefined && { columns }) })).toEqual([
      line(1),
      line(2),
      '\r\u001b[K',
    ])
})

test('the line never wraps', () => {
  expect(written({ isTTY: true, columns: 20 })[0]).toHaveLength('\r\u001b[K'.length + 19)
})

test('a file or a pipe gets nothing', () => {
  expect(written({})).toEqual([])
})
