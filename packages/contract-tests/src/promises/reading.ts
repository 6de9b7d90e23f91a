/** What reads promise. */
import { type ContractPromise, hold, holdFields } from '../promise.ts'

/** No server has handed out the largest id that a JavaScript number can hold. */
export const nowhere = Number.MAX_SAFE_INTEGER

export const reading: ContractPromise[] = [
  {
    id: 'list-answers',
    operation: 'listBorrowerPhones',
    says: 'A list is answered with 200, in the documented shape.',
    where: 'everywhere',
    async check(run) {
      await run.list()
    },
  },
  {
    id: 'list-names-each-record-once',
    operation: 'listBorrowerPhones',
    says: 'No id stands twice in a list.',
    where: 'everywhere',
    async check(run) {
      const ids = (await run.list()).map(({ id }) => id)
      const different = new Set(ids).size
      hold(different === ids.length, `${ids.length} different ids`, `${different} different ids`)
    },
  },
  {
    id: 'get-answers',
    operation: 'getBorrowerPhone',
    says: 'A record is answered with 200, in the documented shape.',
    where: 'everywhere',
    async check(run) {
      await run.get(await run.anyPhone())
    },
  },
  {
    id: 'get-agrees-with-list',
    operation: 'getBorrowerPhone',
    says: 'A record by itself says what the list says of it.',
    where: 'memory',
    async check(run) {
      await run.anyPhone()
      for (const phone of (await run.list()).slice(0, 3)) {
        holdFields({ ...(await run.get(phone.id)) }, { ...phone }, 'as in the list')
      }
    },
  },
  {
    id: 'reading-changes-nothing',
    operation: 'getBorrowerPhone',
    says: 'Reading a record twice gives the same twice.',
    where: 'memory',
    async check(run) {
      const id = await run.anyPhone()
      const first = await run.get(id)
      holdFields({ ...(await run.get(id)) }, { ...first }, 'as before')
    },
  },
  {
    id: 'unknown-phone-is-not-found',
    operation: 'getBorrowerPhone',
    says: 'A record that does not exist is 404.',
    where: 'memory',
    async check(run) {
      await run.call('getBorrowerPhone', { ids: { phone_id: nowhere }, due: [404] })
    },
  },
  {
    id: 'unknown-borrower-is-not-found',
    operation: 'listBorrowerPhones',
    says: 'The list of a borrower who does not exist is 404.',
    where: 'memory',
    async check(run) {
      await run.call('listBorrowerPhones', { ids: { borrower_id: nowhere }, due: [404] })
    },
  },
  {
    id: 'unknown-order-is-not-found',
    operation: 'listBorrowerPhones',
    says: 'The list of an order that does not exist is 404.',
    where: 'memory',
    async check(run) {
      await run.call('listBorrowerPhones', { ids: { order_id: nowhere }, due: [404] })
    },
  },
  {
    id: 'id-that-is-no-integer-is-refused',
    operation: 'getBorrowerPhone',
    says: 'An id that is no integer is refused in the documented shape; the server does not fail on it.',
    where: 'everywhere',
    provokes: true,
    async check(run) {
      for (const phone_id of ['abc', '1.5', '%20', '%ff', 'true']) {
        await run.call('getBorrowerPhone', { ids: { phone_id }, due: [404, 400, 422] })
      }
      await run.call('listBorrowerPhones', { ids: { borrower_id: 'abc' }, due: [404, 400, 422] })
    },
  },
  {
    id: 'json-for-who-accepts-json',
    operation: 'listBorrowerPhones',
    says: 'Whoever accepts JSON, or anything, gets JSON.',
    where: 'everywhere',
    async check(run) {
      for (const accept of [
        'application/json',
        '*/*',
        'application/*',
        'text/html;q=0.5, application/json',
      ]) {
        await run.call('listBorrowerPhones', { headers: { accept } })
      }
    },
  },
  {
    id: 'no-html-for-who-accepts-html',
    operation: 'listBorrowerPhones',
    says: 'Whoever asks for HTML gets JSON or a refusal, never a page.',
    where: 'everywhere',
    provokes: true,
    async check(run) {
      await run.call('listBorrowerPhones', { headers: { accept: 'text/html' }, due: [200, 406] })
    },
  },
]
