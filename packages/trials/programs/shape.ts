/** What each program reads from the API's responses, whichever generator it uses. */
export interface Lifecycle {
  listed: number[]
  created: string
  read: string
  updated: 0 | 1
  deleted: boolean
  /** The status of a get after the delete. */
  gone: number
}

export const borrower = { order_id: 57062885, borrower_id: 124927241 } as const
