import { RecoveryConnectError } from '@recoveryconnect/client'
import { notFound } from 'next/navigation'
import { ids, rc } from '../../lib/client'

export default async function Page() {
  try {
    const { data } = await rc.borrowerPhones.get({ ...ids, phone_id: 404 })
    return <p>{data.number}</p>
  } catch (error) {
    if (error instanceof RecoveryConnectError && error.kind === 'not_found') notFound()
    throw error
  }
}
