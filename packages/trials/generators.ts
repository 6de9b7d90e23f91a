/** Third-party generators, with the settings that a partner would start with. Each one writes to a folder. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@hey-api/openapi-ts'
import { build } from '@kubb/core'
import { pluginClient } from '@kubb/plugin-client'
import { pluginOas } from '@kubb/plugin-oas'
import { pluginTs } from '@kubb/plugin-ts'
import { runRedocly } from '@recoveryconnect/spec/redocly'
import openapiTS, { astToString } from 'openapi-typescript'
import { generate } from 'orval'

const contract = fileURLToPath(import.meta.resolve('@recoveryconnect/spec/openapi.json'))
const contract30 = new URL(import.meta.resolve('@recoveryconnect/spec/openapi-3.0.json'))

/** By name, as in `programs/`. @throws {Error} if the generator rejects the contract. */
export const generators: Record<string, (folder: string) => Promise<unknown>> = {
  'hey-api': (folder) =>
    createClient({
      input: contract,
      output: folder,
      logs: { level: 'silent', file: false },
      plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
    }),

  orval: (folder) =>
    generate({
      input: { target: contract },
      output: {
        target: `${folder}/api.ts`,
        client: 'fetch',
        baseUrl: { runtime: 'process.env.TRIAL_SERVER' },
      },
    }),

  async kubb(folder) {
    // If Kubb writes the files itself, it writes them twice: below `root` and below the working directory.
    const { error, failedPlugins, sources } = await build({
      config: {
        root: folder,
        input: { path: contract },
        output: { path: folder, write: false },
        plugins: [
          pluginOas({ generators: [] }),
          pluginTs({}),
          pluginClient({ client: 'fetch', dataReturnType: 'full' }),
        ],
      },
    })
    for (const failed of [error, ...[...failedPlugins].map((plugin) => plugin.error)])
      if (failed) throw failed
    for (const [file, code] of sources) {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, code)
    }
  },

  async 'openapi-typescript'(folder) {
    await mkdir(folder, { recursive: true })
    await writeFile(`${folder}/schema.ts`, astToString(await openapiTS(contract30, { silent: true })))
  },

  redocly: (folder) =>
    runRedocly(['generate-client', contract, '--output', `${folder}/client.ts`, '--args-style', 'grouped']),
}
