/** Writes world files. */
import { type Collection, type Fields, pickFields } from './collection.ts'
import { collectionOf, type Row, type WorldContent } from './journal.ts'

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
function writeLists(rows: WorldContent['rows'], collections: readonly Collection[]): Fields {
  const byName = new Map(collections.map((collection) => [collection.name, collection]))
  const inside = Map.groupBy(collections, ({ parent }) => parent)
  const emptyLists = (parent?: string): Fields =>
    Object.fromEntries((inside.get(parent) ?? []).map(({ name }) => [name, []]))
  const top = emptyLists()
  const items = new Map<string, Fields>()

  function addItem(collection: Collection, path: string, record: Fields): Fields {
    const { name, idKey, parent } = collection
    const cut = path.lastIndexOf('/')
    const id = Number(path.slice(cut + 1))
    const item = { [idKey]: id, ...pickFields(collection, record), ...emptyLists(name) }
    const above = parent === undefined ? top : itemAt(parent, path.slice(0, cut))
    ;(above[name] as Fields[]).push(item)
    items.set(`${name} ${path}`, item)
    return item
  }
  function itemAt(name: string, path: string): Fields {
    return items.get(`${name} ${path}`) ?? addItem(byName.get(name) as Collection, path, {})
  }

  const groups = Map.groupBy(rows, ({ place }) => collectionOf(place))
  for (const collection of collections)
    for (const { place, record } of groups.get(collection.name) ?? [])
      addItem(collection, place.slice(0, -collection.name.length) + record.id, { ...record })
  return top
}
