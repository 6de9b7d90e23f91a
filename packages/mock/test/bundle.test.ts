import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'
import { leaveOut, unused } from '../stubs.ts'

test.each([
  ['@faker-js/faker', 'it.faker.person.firstName()'],
  ['json-schema-faker', 'it.JSONSchemaFaker.generate({})'],
  ['@stoplight/http-spec/oas2/operation', 'it.transformOas2Operations({})'],
  ['@stoplight/http-spec/postman/operation', 'it.transformPostmanCollectionOperations({})'],
  ['http-proxy-agent', 'new it.HttpProxyAgent("http://x")'],
  ['https-proxy-agent', 'new it.HttpsProxyAgent("http://x")'],
  ['node-fetch', 'it.default("http://x")'],
  ['pino', 'it()'],
])('in the bundle, a call to %s fails and names it', async (name, call) => {
  expect(unused).toContain(name)
  expect(await bundleError(name, call)).toContain(name)
})

test('in the bundle, Prism can configure json-schema-faker', async () => {
  const calls = 'it.JSONSchemaFaker.extend("faker", () => it); it.JSONSchemaFaker.option({})'
  expect(await bundleError('json-schema-faker', calls)).toBe('none')
})

/** Bundles a program that makes a call to a package, and returns the message of the error. */
async function bundleError(name: string, call: string): Promise<string> {
  const program = `const it = require(${JSON.stringify(name)}); try { ${call} } catch (error) { message = error.message }`
  const build = await rolldown({
    input: 'program.cjs',
    platform: 'node',
    plugins: [
      leaveOut(unused),
      {
        name: 'program',
        resolveId: (source) => (source === 'program.cjs' ? source : undefined),
        load: (id) => (id === 'program.cjs' ? program : undefined),
      },
    ],
  })
  const { output } = await build.generate({ format: 'cjs' })
  return new Function(`let message = 'none'; ${output[0].code}; return message`)()
}
