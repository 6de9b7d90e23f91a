import { Test } from '@nestjs/testing'
import { Client, createClient } from '@recoveryconnect/client'
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import { AppController } from './app.controller.js'
import { AppModule } from './app.module.js'

describe('AppController', () => {
  const create = async (rc?: Client) => {
    const builder = Test.createTestingModule({ imports: [AppModule] })
    if (rc) builder.overrideProvider(Client).useValue(rc)
    return (await builder.compile()).get(AppController)
  }

  it('lists numbers without a network', async () => {
    const controller = await create(createClient({ token: 'any-token', fetch: createSandboxFetch() }))
    expect(await controller.list()).toEqual(['678-932-1578', '887-213-6744'])
  })

  it('lists numbers over HTTP', async () => {
    expect(await (await create()).list()).toEqual(['678-932-1578', '887-213-6744'])
  })
})
