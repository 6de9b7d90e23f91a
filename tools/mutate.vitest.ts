/** The tests that run against each mutant: all but those of a process or a package, where no mutant is active. */
export default {
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['browser', 'command', 'image', 'lint', 'package', 'runtimes', 'readme', 'worker'].map(
      (name) => `**/${name}.test.ts`,
    ),
    testTimeout: 20_000,
  },
}
