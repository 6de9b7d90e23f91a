import { listNumbers } from '../../lib/client'

export const dynamic = 'force-static'

export default async function Page() {
  return <p>{await listNumbers()}</p>
}
