import { cookies, headers } from 'next/headers'
import { listNumbers } from '../../lib/client'

export default async function Page() {
  await Promise.all([cookies(), headers()])
  return <p>{await listNumbers()}</p>
}
