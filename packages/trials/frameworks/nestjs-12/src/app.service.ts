import { Injectable } from '@nestjs/common'
import { Client } from '@recoveryconnect/client'

@Injectable()
export class AppService {
  constructor(private readonly rc: Client) {}

  async listNumbers(): Promise<string[]> {
    const { data } = await this.rc.borrowerPhones.list({ order_id: 57062885, borrower_id: 124927241 })
    return data.map(({ number }) => number)
  }
}
