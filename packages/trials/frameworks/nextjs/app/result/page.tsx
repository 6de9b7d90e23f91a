import { ids, rc } from '../../lib/client'

export default async function Page() {
  const result = await rc.borrowerPhones.list(ids).result()
  return <p>{result.ok ? result.data.data.map(({ number }) => number).join(', ') : result.error.kind}</p>
}
