/** Checks that no sample or default of an update clears a do-not-contact flag. Readers run these without a change. */
import { readFile } from 'node:fs/promises'
import { readModel } from '@recoveryconnect/spec/model'
import { describe, expect, it } from 'vitest'
import { guides } from '../guides.ts'
import { renderPostmanCollection } from '../postman.ts'
import { renderRedocContract } from '../redoc-contract.ts'
import { languages } from '../samples.ts'
import { dist } from '../serve.ts'

const updates = readModel().operations.filter(({ verb }) => verb === 'update')
/** Matches TypeScript, YAML, JSON, and JSON in a string. */
const clearsFlag = /no_contact\W+0/

describe.each(updates)('no flag is cleared by $id', (operation) => {
  it.each(languages)('in $label', async ({ id, nameFile }) => {
    const sample = await readFile(new URL(`samples/${id}/${nameFile(operation)}`, dist), 'utf8')
    expect(sample).not.toMatch(clearsFlag)
  })

  it('in Redoc, which selects the first example of the body', () => {
    const { paths } = renderRedocContract() as { paths: Record<string, Record<string, RedocOperation>> }
    const shown = paths[operation.path]?.[operation.method.toLowerCase()]
    expect(shown?.['x-codeSamples']).toHaveLength(languages.length)
    expect(JSON.stringify(shown?.['x-codeSamples'])).not.toMatch(clearsFlag)
    expect(Object.keys(shown?.requestBody.content['application/json'].examples ?? {})[0]).toBe(
      operation.body?.examples[0]?.name,
    )
  })

  it('in Postman, in the request or in those of its saved responses', () => {
    const { item } = renderPostmanCollection() as { item: { item: PostmanItem[] }[] }
    const items = item.flatMap((folder) => folder.item).filter(({ name }) => name === operation.summary)
    expect(items).toHaveLength(1)
    for (const { request, response } of items)
      for (const sent of [request, ...response.map(({ originalRequest }) => originalRequest)])
        expect(JSON.stringify(sent.body)).not.toMatch(clearsFlag)
  })

  it('in the example that a reader sees first, of the body or of a field', () => {
    const { examples, schema } = operation.body ?? {}
    expect(JSON.stringify(examples?.[0]?.value)).not.toMatch(clearsFlag)
    for (const [name, field] of Object.entries(schema?.properties ?? {}))
      expect(JSON.stringify({ [name]: field.examples[0] })).not.toMatch(clearsFlag)
  })
})

it.each(guides)('no flag is cleared by a program in the guide $title', ({ markdown }) => {
  for (const [program] of markdown.matchAll(/^```\w+\n[\s\S]*?^```/gm))
    expect(program).not.toMatch(/\bupdate\([^)]*no_contact\W+0|\bPUT\b[\s\S]*no_contact\W+0/)
})

interface PostmanItem {
  name: string
  request: { body: object }
  response: { originalRequest: { body: object } }[]
}

interface RedocOperation {
  'x-codeSamples': object[]
  requestBody: { content: { 'application/json': { examples: object } } }
}
