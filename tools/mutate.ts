/**
 * Makes thousands of small changes to the code, and checks whether a test fails for each. Runs Stryker on demand.
 *
 *   pnpm mutate                        all packages, one after another
 *   pnpm mutate client                 one of them
 *   pnpm mutate client src/errors.ts   some files of one of them
 *
 * The tests are those of each package. The reports are in `tools/report/mutation/`.
 */
import { Stryker } from '@stryker-mutator/core'

/**
 * The files to mutate in each package. Generated files are left out, because a test compares them with their generator.
 * Commands, the worker and `spec/build.ts` are also left out: they run in their own process, where no mutant is active.
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
  console.error(`There is no package ${name} to mutate. Choose one of ${Object.keys(packages).join(', ')}.`)
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
    // Two processes fill the two cores of a small machine.
    concurrency: Number(process.env.STRYKER_CONCURRENCY ?? 2),
    timeoutMS: 8_000,
    // Code that runs once, when a module is loaded, would need the whole suite for each mutant.
    ignoreStatic: true,
    reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
    htmlReporter: { fileName: `${report}.html` },
    jsonReporter: { fileName: `${report}.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: { high: 95, low: 85, break: 85 },
    // Stryker reads a tsconfig through the compiler's JavaScript API, which TypeScript 7 no longer has. If its copy of
    // the package has none, it finds the package's own further up.
    tsconfigFile: 'none.json',
    ignorePatterns: ['tsconfig.json', 'report'],
    disableTypeChecks: false,
    allowConsoleColors: false,
  })
  await stryker.runMutationTest()
}
