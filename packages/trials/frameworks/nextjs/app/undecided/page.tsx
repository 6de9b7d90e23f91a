import { listNumbers } from '../../lib/client'

export default async function Page() {
  return <p>{await listNumbers()}</p>
}
