/** The guide about generated clients says what the data says. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { describeClients, type Result, results } from '../generated-clients.ts'
import { dist } from '../serve.ts'

const rows = (markdown: string) => markdown.split('\n').filter((line) => /^\| (?!Client)/.test(line))
const twice = 'Sends a create twice'

test('the page is made from the data', async () => {
  const page = await readFile(new URL('generated-clients.md', dist), 'utf8')
  for (const { generator, language } of results) {
    expect(page).toContain(generator)
    expect(page).toContain(language)
  }
  expect(rows(describeClients(results))).toHaveLength(results.length)
})

test('the data has at least eight clients in four languages, each with its versions', () => {
  expect(results.length).toBeGreaterThanOrEqual(8)
  const languages = results.map(({ language }) => language.split(' ')[0])
  expect(new Set(languages).size).toBeGreaterThanOrEqual(4)
  for (const { generator, language, library } of results) {
    expect(generator).toMatch(/ \d+\.\d+/)
    expect(language).toMatch(/ \d+/)
    // The HTTP client of Java and Go has the version of the language.
    expect(library).toMatch(/ \d+\.\d+|^(java\.net\.http|net\/http)$/)
  }
})

test.each(results)('$generator with $library has its settings and its verdicts in a row', (result) => {
  const [row = ''] = rows(describeClients([result]))
  const [, client, asGenerated, settings, mended] = row.split(' | ').join('|').split('|')
  for (const part of [result.generator, result.language, result.library]) expect(client).toContain(part)
  expect(settings).toBe(result.mending)
  expect(asGenerated?.includes(twice)).toBe(sendsTwice(result.asGenerated))
  expect(mended?.includes(twice)).toBe(sendsTwice(result.mended))
})

test('another verdict changes the guide', () => {
  const failed = {
    '500/create': 'error, 2 requests: The create arrived 2 times: the borrower has a duplicate record.',
  }
  const [first] = results as [Result]
  expect(rows(describeClients([{ ...first, mended: { passed: 0, failed } }]))[0]).toMatch(
    /Sends a create twice.*: `500` \|$/,
  )
})

/** As seen in what arrived: a successful or failed create with two requests or more. */
function sendsTwice({ failed }: Result['mended']): boolean {
  return Object.entries(failed).some(
    ([key, verdict]) => /[/,]create$/.test(key) && /, [2-9] requests: .*duplicate/.test(verdict),
  )
}
