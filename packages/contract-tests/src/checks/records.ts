/** Checks of a record's lifecycle, for every resource with all five operations. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Check, checksOf, type Need } from '../check.ts'
import { expectFields } from '../compare-fields.ts'
import type { Fields } from '../operations.ts'
import { expectThat, Failed, Skipped } from '../outcome.ts'
import type { RecordType } from '../record-types.ts'
import type { Run } from '../run.ts'
import {
  createRecord,
  deleteRecord,
  expectSameRecords,
  listRecords,
  readRecord,
  updateRecord,
  writeNeeds,
} from './steps.ts'

export function recordChecks(type: RecordType): Check[] {
  return [
    ...writesRespond(type),
    ...storesEachField(type, 'create', 'safe'),
    ...storesEachField(type, 'create', 'unsafe'),
    ...storesEachField(type, 'update', 'safe'),
    ...storesEachField(type, 'update', 'unsafe'),
    ...updatesAddUp(type),
    ...listsWhatIsStored(type),
    ...deletes(type),
  ]
}

function writesRespond(type: RecordType): Check[] {
  const needs = writeNeeds(type)
  const onCreate = checksOf(type.create, ...needs)
  const onUpdate = checksOf(type.update, ...needs)
  const onDelete = checksOf(type.delete, ...needs)
  return [
    onCreate('responds', 'A create succeeds and returns the record.', (run) => createRecord(run, type)),
    onCreate('accepts-required-fields-alone', 'Every optional field may be left out.', (run) => {
      const fields = Object.entries(run.makeBody(type)).filter(([name]) => type.minimum.includes(name))
      return run.call(type.create, { body: Object.fromEntries(fields), due: type.accepted(type.create) })
    }),
    onUpdate('responds', 'An update succeeds and returns the record.', async (run) => {
      const { id } = await createRecord(run, type)
      await updateRecord(run, type, id)
    }),
    onDelete('responds', 'A delete succeeds and returns success: true.', async (run) => {
      const { id } = await createRecord(run, type)
      const { success } = await deleteRecord(run, type, id)
      const { responses } = type.delete
      const isDocumented = responses.some(({ schema }) => schema?.properties.data?.properties.success)
      expectThat(success === true || !isDocumented, 'success: true', 'another value, or none')
    }),
  ]
}

/** One check for each field. Values that a real server must not get have separate checks. */
function storesEachField(type: RecordType, verb: 'create' | 'update', kind: 'safe' | 'unsafe'): Check[] {
  const check = checksOf(type[verb], 'memory', ...writeNeeds(kind === 'safe' ? type : undefined))
  const prefix = kind === 'safe' ? 'stores' : 'stores-any'
  const others = verb === 'update' ? ', and the other fields stay the same' : ''
  const fields = new Set(type.changes(verb, '')[kind].flatMap(Object.keys))
  return [...fields].map((field) =>
    check(`${prefix}-${field}`, `${field} is stored as sent${others}.`, (run) => {
      const changes = type.changes(verb, run.marker)[kind].filter((change) => field in change)
      return verb === 'create' ? createsWith(run, type, changes) : updatesWith(run, type, changes)
    }),
  )
}

async function createsWith(run: Run, type: RecordType, changes: Fields[]): Promise<void> {
  for (const change of changes) {
    const sent = run.makeBody(type, change)
    const { status, body } = await run.call(type.create, { body: sent, due: type.accepted(type.create) })
    if (status >= 300) continue
    const { data } = body as Fields
    expectFields(data, type.asStored(sent), 'in the response, as sent')
    expectFields(await readRecord(run, type, data.id), type.asStored(sent), 'when read, as sent')
  }
}

async function updatesWith(run: Run, type: RecordType, changes: Fields[]): Promise<void> {
  let { updated_at, ...before } = await createRecord(run, type)
  const ids = { [type.idName]: before.id }
  const due = type.accepted(type.update)
  // Before the last change, no other field has its original value, so a server that resets fields is caught.
  for (const change of [...changes, type.makeUpdate(run.marker), changes[0] as Fields]) {
    const { status, body } = await run.call(type.update, { ids, body: change, due })
    const untouched = Object.fromEntries(Object.entries(before).filter(([name]) => !(name in change)))
    const expected = status < 300 ? { ...untouched, ...type.asStored(change) } : before
    if (status < 300) expectFields((body as Fields).data, expected, 'in the response')
    const { updated_at: later, ...after } = await readRecord(run, type, before.id)
    expectFields(after, expected, `after an update of ${Object.keys(change).join(', ')}`)
    // Timestamps sort like the times that they represent.
    expectThat(!updated_at || later >= updated_at, 'updated_at not before the update', 'an earlier time')
    updated_at = later
    before = after
  }
}

function updatesAddUp(type: RecordType): Check[] {
  const check = checksOf(type.update, 'memory', ...writeNeeds(type))
  return [
    check(
      'is-idempotent',
      'Sending the same update twice has the same result as sending it once.',
      async (run) => {
        const { id } = await createRecord(run, type)
        await updateRecord(run, type, id)
        const { updated_at: _, ...once } = await readRecord(run, type, id)
        await updateRecord(run, type, id)
        expectFields(await readRecord(run, type, id), once, 'as after the first update')
      },
    ),
    check('moves-updated_at', 'An update sets a later updated_at.', (run) => expectLaterTime(run, type)),
    check('touches-one-record', 'An update or a delete changes no other record.', async (run) => {
      const { id } = await createRecord(run, type)
      const neighbor = await createRecord(run, type)
      const before = (await listRecords(run, type.list)).filter((row) => row.id !== id)
      await updateRecord(run, type, id)
      expectFields(await readRecord(run, type, neighbor.id), neighbor, 'as before the update of another')
      await deleteRecord(run, type, id)
      expectFields(await readRecord(run, type, neighbor.id), neighbor, 'as before the delete of another')
      expectSameRecords(await listRecords(run, type.list), before)
    }),
  ]
}

async function expectLaterTime(run: Run, type: RecordType): Promise<void> {
  // Timestamps have no fractions of a second, so an update within the same second proves nothing.
  for (const wait of [0, 1_100]) {
    const { id, updated_at } = await createRecord(run, type)
    if (updated_at === undefined) throw new Skipped('the records have no updated_at')
    await pause(wait)
    await updateRecord(run, type, id)
    if ((await readRecord(run, type, id)).updated_at > updated_at) return
  }
  throw new Failed('a later updated_at after an update', 'the updated_at of the create')
}

/** `ensure_resource_availability`, as Schemathesis calls it. */
function listsWhatIsStored(type: RecordType): Check[] {
  const check = checksOf(type.list, 'memory', ...writeNeeds(type))
  const onDisposable = checksOf(type.list, 'memory', ...writeNeeds())
  const title =
    'After two identical creates, the list has two more records, with the fields from the responses.'
  return [
    check('lists-new-record', title, async (run) => {
      const before = await listRecords(run, type.list)
      const body = run.makeBody(type)
      const records = [await createRecord(run, type, body), await createRecord(run, type, body)]
      const after = await listRecords(run, type.list)
      const count = before.length + records.length
      expectThat(after.length === count, `${count} records in the list`, String(after.length))
      for (const record of records) {
        expectListed(after, record)
        expectFields(await readRecord(run, type, record.id), record, 'when read, as created')
      }
    }),
    check('lists-updated-record', 'The list shows an updated record as it is now.', async (run) => {
      const { id } = await createRecord(run, type)
      await updateRecord(run, type, id)
      const record = await readRecord(run, type, id)
      expectListed(await listRecords(run, type.list), record)
    }),
    onDisposable('lists-all-records', 'The list contains all of 60 new records.', async (run) => {
      const created: number[] = []
      while (created.length < 60) created.push((await createRecord(run, type)).id)
      const listed = new Set((await listRecords(run, type.list)).map(({ id }) => id))
      const found = created.filter((id) => listed.has(id)).length
      expectThat(found === created.length, `${created.length} new records in the list`, `${found} of them`)
    }),
  ]
}

export function expectListed(list: Fields[], record: Fields): void {
  const found = list.filter(({ id }) => id === record.id)
  expectThat(found.length === 1, 'the record once in the list', `${found.length} times`)
  expectFields(record, { ...found[0] }, 'as listed')
}

/** `use_after_free`, as Schemathesis calls it. */
function deletes(type: RecordType): Check[] {
  const needs: Need[] = ['memory', ...writeNeeds(type)]
  const onGet = checksOf(type.get, ...needs)
  const onList = checksOf(type.list, ...needs)
  const onCreate = checksOf(type.create, ...needs)
  const createDeleted = async (run: Run): Promise<number> => {
    const { id } = await createRecord(run, type)
    await deleteRecord(run, type, id)
    return id
  }
  return [
    onGet('deleted-is-404', 'Get, update and delete return 404 for a deleted record.', async (run) => {
      const ids = { [type.idName]: await createDeleted(run) }
      await run.call(type.get, { ids, due: [404] })
      await run.call(type.update, { ids, body: type.makeUpdate(run.marker), due: [404] })
      await run.call(type.delete, { ids, due: [404] })
      await run.call(type.get, { ids, due: [404] })
    }),
    onList('omits-deleted-record', "A deleted record isn't in the list.", async (run) => {
      const deleted = await createDeleted(run)
      const isListed = (await listRecords(run, type.list)).some(({ id }) => id === deleted)
      expectThat(!isListed, 'a list without the deleted record', "it's still there")
    }),
    onCreate('assigns-new-ids', 'The id of a deleted record is never reused.', async (run) => {
      const deleted = await createDeleted(run)
      const { id } = await createRecord(run, type)
      expectThat(id !== deleted, 'a new id', 'the id of the deleted record')
    }),
  ]
}
