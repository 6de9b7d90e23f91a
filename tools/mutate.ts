/**
 * Runs mutation tests: makes thousands of small changes to the code, and checks that a test fails for each of them.
 *
 *   pnpm mutate                        all packages, one after the other: client, sandbox, and spec
 *   pnpm mutate client                 one package
 *   pnpm mutate client src/errors.ts   some files of one package
 *
 * Each package runs its own tests. The reports are in `tools/report/mutation/`.
 */
import { Stryker } from '@stryker-mutator/core'

/**
 * The files to mutate in each package. They don't include generated files, because a test compares those with the output
 * of their generator. They also don't include code that runs in a separate process, because mutants aren't active there:
 * commands, the worker, and `spec/build.ts`.
 */
const packages: Record<string, { folder: string; mutate: string[] }> = {
  client: {
    folder: '../packages/client',
    mutate: ['src/**/*.ts', 'generate.ts', '!src/**/*.gen.ts'],
  },
  sandbox: {
    folder: '../packages/sandbox',
    mutate: ['src/**/*.ts', 'generate.ts', '!src/**/*.gen.ts', '!src/**/{command,worker}.ts'],
  },
  spec: {
    folder: '../spec',
    mutate: [
      'schema.ts',
      'client-operation.ts',
      'validators.ts',
      'annotate.ts',
      'model.ts',
      'model/*.ts',
      'provenance/*.ts',
      'release/*.ts',
    ],
  },
}

const [name, ...files] = process.argv.slice(2)
if (name !== undefined && !packages[name]) {
  console.error(
    `"${name}" isn't a package with mutation tests. Use one of these: ${Object.keys(packages).join(', ')}.`,
  )
  process.exit(2)
}

for (const one of name ? [name] : Object.keys(packages)) await mutatePackage(one, files)

/** @param only the files to mutate. Default: all files of the package. */
async function mutatePackage(one: string, only: string[]): Promise<void> {
  const { folder, mutate } = packages[one] as (typeof packages)[string]
  process.chdir(new URL(folder, import.meta.url).pathname)
  const report = new URL(`report/mutation/${one}`, import.meta.url).pathname
  const stryker = new Stryker({
    mutate: only.length > 0 ? only : mutate,
    testRunner: 'vitest',
    plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
    vitest: { configFile: new URL('mutate.vitest.ts', import.meta.url).pathname },
    coverageAnalysis: 'perTest',
    // By default, uses both cores of a small machine.
    concurrency: Number(process.env.STRYKER_CONCURRENCY ?? 2),
    timeoutMS: 8_000,
    // For a mutant in code that runs when a module is loaded, Stryker would have to run all tests.
    ignoreStatic: true,
    reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
    htmlReporter: { fileName: `${report}.html` },
    jsonReporter: { fileName: `${report}.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: { high: 95, low: 85, break: 85 },
    // Stryker reads tsconfig files with the compiler's JavaScript API, which TypeScript 7 no longer has. So it ignores
    // them in its copy of the package. The name keeps it from finding the package's own tsconfig.json in a parent folder.
    tsconfigFile: 'none.json',
    ignorePatterns: ['tsconfig.json', 'report'],
    disableTypeChecks: false,
    allowConsoleColors: false,
  })
  await stryker.runMutationTest()
}
