import { availableParallelism } from 'node:os'

/** The configuration of every package: `vitest run --config <root>/vitest.config.ts` in its folder. */
export default {
  test: {
    include: ['test/**/*.test.ts'],
    // `.ci/run` counts the tests in the JSON report, and turbo restores it from its cache.
    reporters: ['default', 'json'],
    outputFile: { json: 'report/vitest.json' },
    // Most tests wait for servers and browsers. By default, vitest runs one file at a time on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    slowTestThreshold: 5_000,
    // Ends only a test that hangs. Some tests run another program's whole check, which takes minutes on a busy machine.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
}
