/** Writes world files. */
import type { Collection } from './collection.ts'
import { collectionOf, type Row, type WorldContent } from './journal.ts'

type Item = Record<string, unknown>

export function writeWorldFile({ rows, nextIds }: WorldContent, collections: readonly Collection[]): object {
  return { ...writeLists(rows, collections), next_ids: nextIds }
}

/** The world file that new worlds start with: the documented records of each collection. */
export function documentedWorld(collections: readonly Collection[]): object {
  const rows = collections.flatMap(({ name, rules }) =>
    (rules?.documented ?? []).flatMap(({ parents, records }) =>
      records.map((record) => ({ place: [...parents, name].join('/'), record: record as Row })),
    ),
  )
  return writeLists(rows, collections)
}

/** Writes each record into the list of its parent. A parent that isn't in the rows gets an item with only its id. */
function writeLists(rows: WorldContent['rows'], collections: readonly Collection[]): Item {
  const byName = new Map(collections.map((collection) => [collection.name, collection]))
  const inside = Map.groupBy(collections, ({ parent }) => parent)
  const emptyLists = (parent?: string): Item =>
    Object.fromEntries((inside.get(parent) ?? []).map(({ name }) => [name, []]))
  const top = emptyLists()
  const items = new Map<string, Item>()

  function addItem({ name, idKey, parent, fields }: Collection, path: string, record: Item): Item {
    const cut = path.lastIndexOf('/')
    const known = fields.filter((field) => field !== 'id' && field in record)
    const item = {
      [idKey]: Number(path.slice(cut + 1)),
      ...Object.fromEntries(known.map((field) => [field, record[field]])),
      ...emptyLists(name),
    }
    const above = parent === undefined ? top : itemAt(parent, path.slice(0, cut))
    ;(above[name] as Item[]).push(item)
    items.set(`${name} ${path}`, item)
    return item
  }
  function itemAt(name: string, path: string): Item {
    return items.get(`${name} ${path}`) ?? addItem(byName.get(name) as Collection, path, {})
  }

  const groups = Map.groupBy(rows, ({ place }) => collectionOf(place))
  for (const collection of collections)
    for (const { place, record } of groups.get(collection.name) ?? [])
      addItem(collection, place.slice(0, -collection.name.length) + record.id, { ...record })
  return top
}
