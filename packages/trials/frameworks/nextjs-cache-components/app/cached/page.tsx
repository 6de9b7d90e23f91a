import { listNumbers } from '../../lib/client'

async function listCachedNumbers() {
  'use cache'
  return listNumbers()
}

export default async function Page() {
  return <p>{await listCachedNumbers()}</p>
}
