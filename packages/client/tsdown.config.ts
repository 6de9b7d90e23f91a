/** Builds `dist/`: one module, and one declaration file that includes the types of the contract. */
import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { client: 'src/client.ts' },
  platform: 'neutral',
  dts: { generator: 'oxc' },
  logLevel: 'warn',
})
