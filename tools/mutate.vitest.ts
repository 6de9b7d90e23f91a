/** The tests that run against each mutant. Tests of a process or a package are left out, because no mutant is active there. */
export default {
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['browser', 'command', 'image', 'lint', 'package', 'runtimes', 'readme', 'worker'].map(
      (name) => `**/${name}.test.ts`,
    ),
    testTimeout: 20_000,
  },
}
