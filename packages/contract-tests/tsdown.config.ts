import { defineConfig } from 'tsdown'

/** The contract goes into the bundle, so that what is published needs Ajv and fast-check alone. */
export default defineConfig({
  entry: { bin: 'src/bin.ts', command: 'src/command.ts', suite: 'src/suite.ts' },
  platform: 'neutral',
  deps: { neverBundle: [/^node:/] },
  dts: { generator: 'oxc' },
})
