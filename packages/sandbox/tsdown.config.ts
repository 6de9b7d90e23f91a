import { defineConfig } from 'tsdown'

/** The validators go into the bundle, so that the published sandbox needs `yaml` alone, for a seed. */
export default defineConfig({
  entry: { command: 'src/command.ts', server: 'src/server.ts', fetch: 'src/fetch.ts' },
  platform: 'neutral',
  deps: { neverBundle: [/^node:/] },
  dts: { generator: 'oxc' },
})
