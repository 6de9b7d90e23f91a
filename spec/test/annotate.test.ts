import { describe, expect, it } from 'vitest'
import { annotateProvenance, formatProvenance } from '../annotate.ts'
import { readModel } from '../model.ts'

describe('formatProvenance', () => {
  it('names each kind of provenance', () => {
    const text = formatProvenance({ assumed: 'A guess.', source: 'Page 2', question: 'Is it so?' })
    expect(text).toBe(' *Assumption: A guess.* *Source: Page 2.* *Question: Is it so?*')
  })

  it('is empty for a claim of the vendor', () => {
    expect(formatProvenance({})).toBe('')
  })
})

describe('annotateProvenance', () => {
  const cases = [
    {
      name: 'a description',
      node: { description: 'The number.\n', 'x-assumed': 'A guess.' },
      annotated: { description: 'The number. *Assumption: A guess.*' },
    },
    {
      name: 'a missing description',
      node: { type: 'string', 'x-question': 'Which values?' },
      annotated: { type: 'string', description: '*Question: Which values?*' },
    },
    {
      name: 'the summary of an example',
      node: { summary: 'No phones', value: [], 'x-assumed': 'A guess.' },
      annotated: { summary: 'No phones *Assumption: A guess.*', value: [] },
    },
    {
      name: 'the description of an operation that has a summary, too',
      node: { summary: 'List phones', responses: {}, 'x-source': 'Page 2' },
      annotated: { summary: 'List phones', responses: {}, description: '*Source: Page 2.*' },
    },
    {
      name: 'a reference, after the description of its target',
      node: { $ref: '#/components/schemas/Id', 'x-assumed': 'A guess.' },
      annotated: { $ref: '#/components/schemas/Id', description: 'An id. *Assumption: A guess.*' },
    },
  ]

  it.each(cases)('writes into $name', ({ node, annotated }) => {
    const components = { schemas: { Id: { description: 'An id.' } } }
    expect(annotateProvenance({ components, list: [node] })).toEqual({ components, list: [annotated] })
  })

  it('keeps every mark of the contract and leaves the contract as it was', () => {
    const { marks, document } = readModel()
    const before = structuredClone(document)
    const annotated = annotateProvenance(document)
    const text = JSON.stringify(annotated)
    expect(marks.length).toBeGreaterThan(30)
    for (const mark of marks) expect(text).toContain(JSON.stringify(mark.text).slice(1, -1))
    expect(readModel(annotated).marks).toEqual([])
    expect(document).toEqual(before)
  })
})
