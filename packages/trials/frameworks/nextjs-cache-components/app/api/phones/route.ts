import { listNumbers } from '../../../lib/client'

export async function GET() {
  return Response.json(await listNumbers())
}
