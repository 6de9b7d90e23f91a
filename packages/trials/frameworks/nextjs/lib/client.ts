import { createClient } from '@recoveryconnect/client'

export const rc = createClient({ token: 'any-token', baseUrl: process.env.SANDBOX_URL })

export const ids = { order_id: 57062885, borrower_id: 124927241 }

export async function listNumbers(): Promise<string> {
  const { data } = await rc.borrowerPhones.list(ids)
  return data.map(({ number }) => number).join(', ')
}
