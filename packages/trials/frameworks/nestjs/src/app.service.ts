import { Injectable, NotFoundException } from '@nestjs/common'
import { Client, RecoveryConnectError } from '@recoveryconnect/client'

const ids = { order_id: 57062885, borrower_id: 124927241 }

@Injectable()
export class AppService {
  constructor(private readonly rc: Client) {}

  async listNumbers(): Promise<string[]> {
    const { data } = await this.rc.borrowerPhones.list(ids)
    return data.map(({ number }) => number)
  }

  async getNumber(phone_id: number): Promise<string> {
    try {
      const { data } = await this.rc.borrowerPhones.get({ ...ids, phone_id })
      return data.number
    } catch (error) {
      if (error instanceof RecoveryConnectError && error.kind === 'not_found')
        throw new NotFoundException('no such phone')
      throw error
    }
  }
}
