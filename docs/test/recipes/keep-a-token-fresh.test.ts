import { startServer, writeCurlrc } from '../servers.ts'
import { describeRecipe, login, secrets, stackTrace, urlOf } from './recipe.ts'

const counted = '124927241: 2 phones\n124941995: 0 phones\n'

/** What a login can return with a 200 besides a token. */
const withoutToken = [{ expires_in: 3600 }, { access_token: null, expires_in: 3600 }]

await describeRecipe({
  name: 'keep-a-token-fresh',
  define: (check) => {
    check('logs in once', async ({ world, start, expect }) => {
      expect(await start()).toEqual({ status: 0, stdout: counted, stderr: '' })
      const list = 'listBorrowerPhones 200'
      expect(await world.listRequests()).toEqual(['createAccessToken 200', 'listBorrowers 200', list, list])
    })

    check('logs in again after a 401', async ({ world, start, expect }) => {
      await world.fail({ operation: 'listBorrowerPhones', status: 401 }, 'account')
      expect(await start()).toEqual({ status: 0, stdout: counted, stderr: '' })
      const renewed = ['listBorrowerPhones 401', 'createAccessToken 200', 'listBorrowerPhones 200']
      const requests = ['createAccessToken 200', 'listBorrowers 200', ...renewed, 'listBorrowerPhones 200']
      // The test has logged in, too.
      expect((await world.listRequests()).slice(1)).toEqual(requests)
    })

    check("doesn't repeat a login that is rejected", async ({ world, start, expect }) => {
      const { status, stdout, stderr } = await start({ RECOVERYCONNECT_PASSWORD: 'wrong' })
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/\b401\b/)
      expect(await world.listRequests()).toEqual(['createAccessToken 401'])
    })

    for (const data of ['SECRET', null])
      check(`fails if a list contains ${data} in place of records`, async ({ start, expect }) => {
        await using server = await startServer(({ url }, response) =>
          response.end(JSON.stringify(url?.endsWith('/auth') ? login : { data: [data] })),
        )
        const { status, stdout } = await start(urlOf(server))
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      })

    for (const body of withoutToken)
      check(`ends after a login with ${JSON.stringify(body)}`, async ({ start, expect }) => {
        await using server = await startServer(({ url }, response) => {
          if (!url?.endsWith('/auth')) response.statusCode = 401
          response.end(JSON.stringify(body))
        })
        const { status, stdout, stderr } = await start(urlOf(server))
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
        expect(stderr).toMatch(/token/)
        expect(stderr).not.toMatch(stackTrace)
        expect(server.arrived).toEqual(['POST'])
      })

    for (const id of ['"124927241"', '9007199254740993'])
      check(`asks for no other borrower than the one with the id ${id}`, async ({ start, expect }) => {
        const paths: (string | undefined)[] = []
        await using server = await startServer(({ url }, response) => {
          if (url?.endsWith('/auth')) return response.end(JSON.stringify(login))
          if (url?.endsWith('/borrowers')) return response.end(`{"data": [{"id": ${id}}]}`)
          paths.push(url?.split('/').at(-2))
          response.end('{"data": []}')
        })
        const { status } = await start(urlOf(server))
        const asked = [JSON.parse(id.includes('"') ? id : `"${id}"`)]
        // Programs whose numbers aren't exact fail above 2^53.
        expect(paths).toEqual(status === 0 ? asked : [])
        if (id.includes('"')) expect(status).toBe(0)
      })

    for (const expires_in of ['3600', 'soon'])
      check(`prints no stack trace if a token expires in "${expires_in}"`, async ({ start, expect }) => {
        await using server = await startServer(({ url }, response) =>
          response.end(JSON.stringify(url?.endsWith('/auth') ? { ...login, expires_in } : { data: [] })),
        )
        const { status, stderr } = await start(urlOf(server))
        expect(status).toEqual(expires_in === '3600' ? 0 : expect.toBeOneOf([0, 1]))
        expect(stderr).not.toMatch(stackTrace)
        expect(stderr).not.toMatch(secrets)
      })

    check('fails if a borrower has no id', async ({ start, expect }) => {
      await using server = await startServer(({ url }, response) => {
        if (url?.endsWith('/auth')) return response.end(JSON.stringify(login))
        response.end(url?.endsWith('/borrowers') ? '{"data": [{"id": null}]}' : '{"data": []}')
      })
      const { status, stdout, stderr } = await start(urlOf(server))
      expect({ status, stdout, arrived: server.arrived }).toEqual({
        status: 1,
        stdout: '',
        arrived: ['POST', 'GET'],
      })
      expect(stderr).not.toMatch(stackTrace)
    })

    check('logs in once before a 503, whatever is in .curlrc', async (parts) => {
      const { start, expect } = parts
      await using server = await startServer((_, response) => {
        response.statusCode = 503
        response.end()
      })
      const variables = { ...urlOf(server), ...(await writeCurlrc(parts)) }
      expect(await start(variables)).toMatchObject({ status: 1, stdout: '' })
      expect(server.arrived).toEqual(['POST'])
    })

    check('prints no token of a login that fails', async ({ start, expect }) => {
      await using server = await startServer((_, response) => {
        response.statusCode = 403
        response.end(JSON.stringify(login))
      })
      const { status, stdout, stderr } = await start(urlOf(server))
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/\b403\b/)
      expect(stderr).not.toMatch(secrets)
    })
  },
})
