/** The page about generated clients says what the data says. */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import results from '../generated-clients.json' with { type: 'json' }
import { dist } from '../serve.ts'

it('shows every client with its findings, and what no setting changes', async () => {
  const page = await readFile(new URL('generated-clients.md', dist), 'utf8')
  const sections = page.split(/^(?=### )/m).slice(1)
  expect(sections).toHaveLength(results.length)
  for (const [
    index,
    { generator, language, library, date, mending, asGenerated, mended },
  ] of results.entries()) {
    const facts = [generator, language, library, mending, ...asGenerated.findings, ...mended.findings]
    for (const fact of facts) expect(sections[index]).toContain(fact)
    expect(page).toContain(new Date(date).toLocaleString('en', { month: 'long', year: 'numeric' }))
    const verdicts = Object.values(mended.failed).join('\n')
    expect(verdicts).toMatch(/stored the opposite/)
    expect(verdicts).toMatch(/one page of several/)
  }
})

it('has at least eight clients in four languages, each with its versions', () => {
  expect(results.length).toBeGreaterThanOrEqual(8)
  expect(new Set(results.map(({ language }) => language.split(' ')[0])).size).toBeGreaterThanOrEqual(4)
  for (const { generator, language, library } of results) {
    expect(generator).toMatch(/ \d+\.\d+/)
    expect(language).toMatch(/ \d+/)
    // The HTTP client of Java and Go has the version of the language.
    expect(library).toMatch(/ \d+\.\d+|^(java\.net\.http|net\/http)$/)
  }
})
