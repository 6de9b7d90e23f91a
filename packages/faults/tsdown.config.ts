import { defineConfig } from 'tsdown'

const libraries = { server: 'src/server.ts', judge: 'src/judge.ts' }

/** Bundles the contract, so that the published package depends only on `selfsigned`, which makes certificates. */
export default defineConfig({
  entry: libraries,
  format: { esm: { entry: { bin: 'src/bin.ts', command: 'src/command.ts', ...libraries } }, cjs: {} },
  platform: 'neutral',
  deps: { neverBundle: [/^node:/] },
  dts: { generator: 'oxc' },
  checks: { legacyCjs: false },
})
