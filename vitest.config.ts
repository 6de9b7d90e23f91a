// One configuration for every package: `vitest run --config <root>/vitest.config.ts` in its folder.
export default {
  test: {
    include: ['test/**/*.test.ts'],
    // What `.ci/run` counts, and what turbo restores when a run comes from its cache.
    reporters: ['default', 'json'],
    outputFile: { json: 'report/vitest.json' },
    slowTestThreshold: 5_000,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
}
