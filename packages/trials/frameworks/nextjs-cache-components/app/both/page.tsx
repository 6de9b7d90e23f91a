import { Suspense } from 'react'
import { listNumbers } from '../../lib/client'

async function listCachedNumbers() {
  'use cache'
  return listNumbers()
}

async function Phones() {
  return <p>{await listNumbers()}</p>
}

async function CachedPhones() {
  return <p>{await listCachedNumbers()}</p>
}

/** Both need a token at the same time, but at build time only the cached one may log in. */
export default function Page() {
  return (
    <>
      <Suspense fallback="loading">
        <Phones />
      </Suspense>
      <CachedPhones />
    </>
  )
}
