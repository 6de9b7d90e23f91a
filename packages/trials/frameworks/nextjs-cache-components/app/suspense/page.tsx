import { Suspense } from 'react'
import { listNumbers } from '../../lib/client'

async function Phones() {
  return <p>{await listNumbers()}</p>
}

export default function Page() {
  return (
    <Suspense fallback="loading">
      <Phones />
    </Suspense>
  )
}
