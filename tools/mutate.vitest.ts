/** Leaves out the tests of separate processes and of packed packages, because mutants aren't active there. */
export default {
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'adapters',
      'browser',
      'command',
      'image',
      'judge',
      'lint',
      'logging',
      'package',
      'proxy',
      'runtimes',
      'readme',
      'worker',
    ].map((name) => `**/${name}.test.ts`),
    testTimeout: 20_000,
  },
}
