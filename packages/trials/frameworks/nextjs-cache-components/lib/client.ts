import { type Client, createClient, loginToken } from '@recoveryconnect/client'

const baseUrl = process.env.SANDBOX_URL
const login = loginToken({ username: 'example-user', password: 'any-password' })

/** With the application's own account. */
export const rc = createClient({ token: login, baseUrl })

/** With a user's token. */
export const createUserClient = (token: string) => createClient({ token, baseUrl })

export async function listNumbers(client: Client = rc): Promise<string> {
  const { data } = await client.borrowerPhones.list({ order_id: 57062885, borrower_id: 124927241 })
  return data.map(({ number }) => number).join(', ')
}
