/** A list inside a list, both of records that can only be listed: notes of an address. */
import { expect, test, vi } from 'vitest'
import { checks } from '../src/checks.ts'
import { verify } from '../src/suite.ts'
import { inProcess } from './in-process.ts'
import { type Defect, json, serverWith } from './wrong-servers/defect.ts'
import { everyIsolation } from './wrong-servers/lifecycle.ts'
import { everyOperation } from './wrong-servers/operations.ts'

vi.mock('@recoveryconnect/spec/model', async (importOriginal) => {
  const spec = await importOriginal<typeof import('@recoveryconnect/spec/model')>()
  const document = structuredClone(spec.readModel().document) as any
  const path = Object.keys(document.paths).find((path) => path.endsWith('/addresses')) as string
  const { parameters, get } = structuredClone(document.paths[path])
  const id = { type: 'integer' }
  const note = { type: 'object', required: ['id'], properties: { id } }
  const schema = {
    type: 'object',
    required: ['data'],
    properties: { data: { type: 'array', items: note } },
  }
  const content = { 'application/json': { schema, examples: { note: { value: { data: [{ id: 5001 }] } } } } }
  document.paths[`${path}/{address_id}/notes`] = {
    parameters: [...parameters, { ...parameters[1], name: 'address_id', example: 219114267 }],
    get: {
      ...get,
      operationId: 'listAddressNotes',
      tags: ['Address Notes'],
      responses: { ...get.responses, 200: { description: 'Notes.', content } },
    },
  }
  return { ...spec, readModel: () => spec.readModel(document) }
})

/** The findings for the notes and the addresses, on a sandbox where the first address has a note. */
async function check(defect: Defect) {
  const server = serverWith((request, next) =>
    defect(request, async (changed) => {
      const [, addresses, id] = /^(.*\/addresses)\/([^/]+)\/notes$/.exec(changed.path) ?? []
      if (addresses === undefined) return next(changed)
      const list = await next({ ...changed, path: addresses })
      if (list.status !== 200) return list
      const isListed = list.body.data.some((address: { id: number }) => String(address.id) === id)
      if (!isListed) return json(404, { message: 'Not found.' })
      return json(200, { data: id === '219114267' ? [{ id: 5001 }] : [] })
    }),
  )
  const { checks } = await verify(inProcess({ fetch: server }), { write: true, seed: 1 })
  return checks.filter(({ operation }) => /^listAddressNotes|^listBorrowerAddresses/.test(operation))
}

test('every check passes on the right server, although the own borrower has no addresses', async () => {
  const findings = await check((request, next) => next(request))
  const others = findings.filter(
    ({ outcome, because }) => outcome !== 'passed' && !because?.includes('Prefer'),
  )
  expect(others).toEqual([])
  expect(findings.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'needs-matching-ids-listAddressNotes',
      'leads-to-listAddressNotes-listBorrowerAddresses',
    ]),
  )
})

const defects = [...everyOperation, ...everyIsolation].filter(([, caughtBy]) => /AddressNotes/.test(caughtBy))
const catching = new Set<string>()
test.each(defects)('%s: caught by %s', async (_, caughtBy, make) => {
  const findings = await check(make())
  for (const { id, outcome } of findings) if (outcome === 'failed') catching.add(id)
  const finding = findings.find(({ id }) => id === caughtBy)
  expect(finding?.outcome, finding?.because ?? 'no check has this id').toBe('failed')
})

test('every check of the notes catches a defect that is made for every list', () => {
  const theirs = checks.filter(({ operation }) => operation === 'listAddressNotes')
  const idle = theirs.filter(({ id, needs }) => !needs.includes('responses on demand') && !catching.has(id))
  expect(idle.map(({ id }) => id)).toEqual([])
})
