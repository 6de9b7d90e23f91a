/** The table of the records in a list. */
import type { Operation } from '@recoveryconnect/spec/model'
import { fillPath } from '../samples.ts'
import { element } from './element.ts'
import type { World } from './world.ts'

/** The records on the page, as JSON. */
let shown = new Map<unknown, string>()

/** Call this before another list is shown, so that its records aren't marked as changed. */
export function forgetRecords(): void {
  shown = new Map()
}

/** Shows the records of a list. Marks those that have changed since it was shown before. */
export async function showList(world: World, list: Operation, ids: Record<string, string>): Promise<void> {
  element('records-title', HTMLElement).textContent = list.tag
  const records = await world.listRecords(fillPath(list, ids))
  const names = columnsOf(list)
  element('columns', HTMLElement).replaceChildren(...names.map((name) => createCell('th', name)))
  const before = shown
  shown = new Map(records?.map((record) => [record.id, JSON.stringify(record)]))
  const rows = (records ?? []).map((record) => {
    const row = document.createElement('tr')
    row.append(...names.map((name) => createCell('td', formatCell(record[name]))))
    row.classList.toggle('changed', before.size > 0 && before.get(record.id) !== shown.get(record.id))
    return row
  })
  const text = records ? 'This list is empty.' : 'No such list. Check that the ids belong together.'
  const none = Object.assign(createCell('td', text), { colSpan: names.length })
  element('records', HTMLElement).replaceChildren(...(rows.length > 0 ? rows : [none]))
}

function columnsOf({ responses }: Operation): string[] {
  return Object.keys(responses[0]?.schema?.properties.data?.items?.properties ?? {})
}

function formatCell(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function createCell(kind: 'th' | 'td', text: string): HTMLTableCellElement {
  return Object.assign(document.createElement(kind), { textContent: text })
}
