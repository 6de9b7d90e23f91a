import { Module } from '@nestjs/common'
import { Client, createClient } from '@recoveryconnect/client'
import { AppController } from './app.controller.js'
import { AppService } from './app.service.js'

@Module({
  controllers: [AppController],
  providers: [
    AppService,
    {
      provide: Client,
      useFactory: () => createClient({ token: 'any-token', baseUrl: process.env.SANDBOX_URL }),
    },
  ],
})
export class AppModule {}
