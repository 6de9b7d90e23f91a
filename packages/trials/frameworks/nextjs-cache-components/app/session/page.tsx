import { cookies } from 'next/headers'
import { Suspense } from 'react'
import { createUserClient, listNumbers } from '../../lib/client'

async function Phones() {
  const session = (await cookies()).get('session')
  return <p>{await listNumbers(createUserClient(session?.value ?? 'any-token'))}</p>
}

export default function Page() {
  return (
    <Suspense fallback="loading">
      <Phones />
    </Suspense>
  )
}
