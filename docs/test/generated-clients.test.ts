/** The page about generated clients says what the data says. */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { describeClients, type Result, results } from '../generated-clients.ts'
import { dist } from '../serve.ts'

const twice = 'Sends a create twice'

it('shows every client, and what no setting changes', async () => {
  const page = await readFile(new URL('generated-clients.md', dist), 'utf8')
  for (const { generator, language, date, mended } of results) {
    expect(page).toContain(`### ${generator}\n\n${language}, `)
    expect(page).toContain(new Date(date).toLocaleString('en', { month: 'long', year: 'numeric' }))
    const verdicts = Object.values(mended.failed).join('\n')
    expect(verdicts).toMatch(/stored the opposite/)
    expect(verdicts).toMatch(/one page of several/)
  }
  expect(page.match(/^### /gm)).toHaveLength(results.length)
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

it.each(results)('has the settings and the verdicts of $generator with $library', (result) => {
  const [asGenerated, settings, mended] = linesOf(result)
  expect(settings).toBe(`- Settings: ${result.mending}`)
  expect(asGenerated?.includes(twice)).toBe(sendsTwice(result.asGenerated))
  expect(mended?.includes(twice)).toBe(sendsTwice(result.mended))
})

it('shows another verdict', () => {
  const failed = {
    '500/create': 'error, 2 requests: The create arrived 2 times: the borrower has a duplicate record.',
  }
  const [first] = results as [Result]
  expect(linesOf({ ...first, mended: { passed: 0, failed } })[2]).toContain(`**${twice}** (\`500\`)`)
})

function linesOf(result: Result): string[] {
  return describeClients([result]).match(/^- .*/gm) ?? []
}

/** As seen in what arrived: a successful or failed create with two requests or more. */
function sendsTwice({ failed }: Result['mended']): boolean {
  return Object.entries(failed).some(
    ([key, verdict]) => /[/,]create$/.test(key) && /, [2-9] requests: .*duplicate/.test(verdict),
  )
}
