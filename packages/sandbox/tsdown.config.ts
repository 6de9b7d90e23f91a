import { defineConfig } from 'tsdown'

/** Bundles the validators, so that the published sandbox depends only on `yaml`, which reads seeds. */
export default defineConfig({
  entry: { command: 'src/command.ts', server: 'src/server.ts', fetch: 'src/fetch.ts' },
  platform: 'neutral',
  deps: { neverBundle: [/^node:/] },
  dts: { generator: 'oxc' },
})
