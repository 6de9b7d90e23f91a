/** The Postman collection has what the contract says. */
import { expect, it } from 'vitest'
import { readModel } from '../model.ts'
import { renderPostmanCollection, renderPostmanEnvironment } from '../postman.ts'

const model = readModel()

it('has a request with exactly the body of each named example', () => {
  const { item } = renderPostmanCollection() as any
  const requests = item.flatMap((folder: any) => folder.item)
  for (const { summary, body } of model.operations.filter(({ needsToken }) => needsToken))
    for (const example of body?.examples ?? []) {
      const found = requests.find(({ name }: any) => name === `${summary}: ${example.summary}`)
      expect(JSON.parse(found.request.body.raw), summary).toEqual(example.value)
    }
})

it('has no credentials for production', () => {
  const { values } = renderPostmanEnvironment('production') as any
  expect(values.filter(({ value }: any) => value)).toEqual([
    { key: 'baseUrl', value: model.servers[0]?.url, type: 'default', enabled: true },
  ])
})
