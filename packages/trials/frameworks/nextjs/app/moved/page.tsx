import { createClient } from '@recoveryconnect/client'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { ids } from '../../lib/client'

export default async function Page() {
  const rc = createClient({
    baseUrl: process.env.SANDBOX_URL,
    async token() {
      const session = (await cookies()).get('session')
      return session?.value ?? redirect('/at-request')
    },
  })
  const { data } = await rc.borrowerPhones.list(ids)
  return <p>{data.length}</p>
}
