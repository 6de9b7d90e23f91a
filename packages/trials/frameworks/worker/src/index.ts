import { createClient, loginToken } from '@recoveryconnect/client'

interface Bindings {
  SANDBOX_URL: string
}

const login = loginToken({ username: 'example-user', password: 'any-password' })

export default {
  async fetch(request, { SANDBOX_URL: baseUrl }): Promise<Response> {
    const token = new URL(request.url).pathname === '/login' ? login : 'any-token'
    const rc = createClient({ token, baseUrl })
    const result = await rc.borrowerPhones.list({ order_id: 57062885, borrower_id: 124927241 }).result()
    if (!result.ok) return Response.json(result.error, { status: 500 })
    return Response.json(result.data.data.map(({ number }) => number))
  },
} satisfies ExportedHandler<Bindings>
