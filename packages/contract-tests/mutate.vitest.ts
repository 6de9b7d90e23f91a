/** The tests that judge a mutant: without those that look at a process or a package, which a mutant does not reach. */
export default {
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['browser', 'command', 'image', 'lint', 'package', 'runtimes', 'readme', 'worker'].map(
      (name) => `**/${name}.test.ts`,
    ),
    testTimeout: 20_000,
  },
}
