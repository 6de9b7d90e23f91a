/** Writes `dist/`, which is what is published: one module, and one file of declarations with the contract's types inside. */
import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { client: 'src/client.ts' },
  platform: 'neutral',
  dts: { generator: 'oxc' },
  logLevel: 'warn',
})
