/** What every program of this folder makes of the API, whatever it was generated with. */
export interface Life {
  listed: number[]
  created: string
  read: string
  updated: 0 | 1
  deleted: boolean
  /** The status of a get after the delete. */
  gone: number
}

export const borrower = { order_id: 57062885, borrower_id: 124927241 } as const
