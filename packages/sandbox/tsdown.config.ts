import { defineConfig } from 'tsdown'

const libraries = { server: 'src/server.ts', fetch: 'src/fetch.ts' }

/** Bundles the validators, so that the published sandbox depends only on `yaml`, which reads seeds. */
export default defineConfig({
  entry: libraries,
  format: { esm: { entry: { bin: 'src/bin.ts', command: 'src/command.ts', ...libraries } }, cjs: {} },
  platform: 'neutral',
  deps: { neverBundle: [/^node:/] },
  dts: { generator: 'oxc' },
  checks: { legacyCjs: false },
})
