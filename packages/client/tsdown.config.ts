import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { client: 'src/client.ts' },
  platform: 'neutral',
  dts: { generator: 'oxc' },
})
