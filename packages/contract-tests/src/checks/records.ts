/** Checks of a record's lifecycle, for every resource with all five operations. */
import { type Check, checksOf, type Need } from '../check.ts'
import { expectFields } from '../compare-fields.ts'
import type { Fields } from '../operations.ts'
import { expectThat } from '../outcome.ts'
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

/** `ensure_resource_availability`, as Schemathesis calls it. */
function listsWhatIsStored(type: RecordType): Check[] {
  const check = checksOf(type.list, 'memory', ...writeNeeds(type))
  const expectListed = async (run: Run, record: Fields) => {
    const found = (await listRecords(run, type.list)).filter(({ id }) => id === record.id)
    expectThat(found.length === 1, 'the record once in the list', `${found.length} times`)
    expectFields(record, { ...found[0] }, 'as listed')
  }
  return [
    check('lists-new-record', 'The list shows a new record once, as the create returned it.', async (run) => {
      const record = await createRecord(run, type)
      await expectListed(run, record)
      expectFields(await readRecord(run, type, record.id), record, 'when read, as created')
    }),
    check('lists-updated-record', 'The list shows an updated record as it is now.', async (run) => {
      const { id } = await createRecord(run, type)
      await updateRecord(run, type, id)
      await expectListed(run, await readRecord(run, type, id))
    }),
  ]
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
