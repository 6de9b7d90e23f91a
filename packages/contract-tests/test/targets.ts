/** The servers that the suite runs against. */
import { startMock } from '@recoveryconnect/mock'
import { startSandbox } from '@recoveryconnect/sandbox'
import { startWorkerd } from '@recoveryconnect/sandbox/workerd'
import type { Target } from '../src/suite.ts'
import { documented, inProcess } from './in-process.ts'
import { startProxy } from './proxy.ts'

export interface Running {
  target: Target
  close(): Promise<void>
}

export const local: Record<string, () => Promise<Running>> = {
  'the mock': async () => {
    const mock = await startMock({ port: 0 })
    return { target: { ...documented, url: mock.url, remembers: false }, close: mock.close }
  },
  'the sandbox in this process': async () => ({ target: inProcess(), close: async () => {} }),
  'the sandbox over HTTP': async () => {
    const sandbox = await startSandbox({ port: 0 })
    return { target: { ...documented, url: sandbox.url }, close: sandbox.close }
  },
  'the hosted sandbox': async () => {
    const limits = { REQUESTS_PER_SECOND: 10_000, BURST: 10_000 }
    const { url, close } = await startWorkerd({ limits })
    return { target: { ...documented, url }, close }
  },
  'the sandbox behind Prism': async () => {
    const sandbox = await startSandbox({ port: 0 })
    const proxy = await startProxy(sandbox.url)
    return {
      target: { ...documented, url: proxy.url, proxied: true },
      close: async () => {
        await proxy.close()
        await sandbox.close()
      },
    }
  },
}
