import { expect, test } from 'vitest'
import { showProgress } from '../src/progress.ts'
import type { Finding } from '../src/report.ts'

const finding: Finding = { id: 'responds', operation: 'listPhones', title: '', outcome: 'passed' }

function textsOn(terminal: { isTTY?: boolean; columns?: number }): string[] {
  const texts: string[] = []
  const progress = showProgress({ ...terminal, write: (text) => texts.push(text) }, 40)
  progress.show(finding)
  progress.show(finding)
  progress.end()
  return texts
}

test('a terminal shows one line, which is cleared at the end', () => {
  const line = (count: number) => `\r\u001b[K${count} of 40  listPhones: responds`
  for (const columns of [undefined, 0, 100])
    expect(textsOn({ isTTY: true, ...(columns !== undefined && { columns }) })).toEqual([
      line(1),
      line(2),
      '\r\u001b[K',
    ])
})

test('the line never wraps', () => {
  expect(textsOn({ isTTY: true, columns: 20 })[0]).toHaveLength('\r\u001b[K'.length + 19)
})

test('a file or a pipe gets nothing', () => {
  expect(textsOn({})).toEqual([])
})
