/** The table of the phone records in the sandbox of the page. */
const table = document.querySelector<HTMLTableElement>('table[data-list]')
const columns = [...(table?.querySelectorAll('th') ?? [])].map(({ textContent }) => textContent)
const first: Record<string, unknown> = JSON.parse(table?.dataset.ids ?? '{}')

/** The records on the page, as JSON. */
let shown = new Map<unknown, string>()

document.addEventListener('try:done', (event) => {
  const { ids = {}, token } = (event as CustomEvent<{ ids?: Record<string, unknown>; token: string }>).detail
  showRecords({ ...first, ...ids }, token)
})

/** Marks the records that have changed since they were shown before. */
async function showRecords(ids: Record<string, unknown>, token: string): Promise<void> {
  const { listRecords } = await import('./run.ts')
  const records = (await listRecords(table?.dataset.list ?? '', ids, token)) as Record<string, unknown>[]
  const before = shown
  shown = new Map(records?.map((record) => [record.id, JSON.stringify(record)]))
  const rows = (records ?? []).map((record) => {
    const row = document.createElement('tr')
    row.append(...columns.map((name) => createCell(formatValue(record[name]))))
    row.classList.toggle('changed', before.size > 0 && before.get(record.id) !== shown.get(record.id))
    return row
  })
  const none = createCell(
    records ? 'This list is empty.' : 'No such list. Check that the ids belong together.',
  )
  none.colSpan = columns.length
  table?.tBodies[0]?.replaceChildren(...(rows.length > 0 ? rows : [none]))
}

function formatValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function createCell(text: string): HTMLTableCellElement {
  return Object.assign(document.createElement('td'), { textContent: text })
}
