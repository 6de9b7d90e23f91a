/** Checks that no program or default clears a do-not-contact flag, unless the heading above it says so. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { model } from '../reference.ts'
import { dist } from '../serve.ts'
import { listPages } from './dist.ts'

const updates = model.operations.filter(({ verb }) => verb === 'update')
/** Matches TypeScript, YAML, JSON, and JSON in a string. */
const clearsFlag = /no_contact\W+0/
const saysSo = /clears a do-not-contact flag/

it.each(listPages(dist))('no program in /%s clears a flag that the reader did not ask to clear', (path) => {
  const markdown = readFileSync(new URL(`${path.slice(0, -1) || 'index'}.md`, dist), 'utf8')
  for (const section of markdown
    .split(/^(?=#{2,} )/m)
    .filter((section) => !saysSo.test(section.split('\n')[0] ?? '')))
    for (const [program] of section.matchAll(/^```(?!json)\w+\n[\s\S]*?^```/gm))
      expect(program).not.toMatch(/update\w*\([^)]*no_contact\W+0|\bPUT\b[\s\S]*no_contact\W+0/)
})

it.each(updates)('the first example of $id, and those of its fields, keep a flag', ({ body }) => {
  expect(JSON.stringify(body?.examples[0]?.value)).not.toMatch(clearsFlag)
  for (const [name, field] of Object.entries(body?.schema?.properties ?? {}))
    expect(JSON.stringify({ [name]: field.examples[0] })).not.toMatch(clearsFlag)
})

it('a request in Postman that clears a flag says so in its name', () => {
  const { item } = JSON.parse(readFileSync(new URL('postman.json', dist), 'utf8')) as {
    item: { item: { name: string; request: object }[] }[]
  }
  const requests = item
    .flatMap((folder) => folder.item)
    .filter(({ request }) => JSON.stringify(request).includes('"PUT"'))
  expect(requests.length).toBeGreaterThan(1)
  for (const { name, request } of requests)
    expect(saysSo.test(name), name).toBe(clearsFlag.test(JSON.stringify((request as { body: object }).body)))
})
