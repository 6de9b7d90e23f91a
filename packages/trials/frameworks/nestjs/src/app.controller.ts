import { Controller, Get } from '@nestjs/common'
import { AppService } from './app.service'

@Controller('phones')
export class AppController {
  constructor(private readonly service: AppService) {}

  @Get()
  list(): Promise<string[]> {
    return this.service.listNumbers()
  }

  @Get('missing')
  getMissing(): Promise<string> {
    return this.service.getNumber(404)
  }
}
