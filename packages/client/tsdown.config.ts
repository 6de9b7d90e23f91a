/**
 * Builds `dist/` as an ES module and as CommonJS, each with one declaration file that includes the types of the contract.
 */
import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { client: 'src/client.ts' },
  format: ['esm', 'cjs'],
  platform: 'neutral',
  dts: { generator: 'oxc' },
  logLevel: 'warn',
  checks: { legacyCjs: false },
  plugins: [
    {
      name: 'default-import',
      // The bundler takes the default export of any CommonJS module to be the whole module, as Node does. But for
      // openapi-fetch it's `exports.default`, in Node and in other bundlers.
      renderChunk: (code) => code.replace('__toESM(openapi_fetch, 1)', '__toESM(openapi_fetch)'),
    },
  ],
})
