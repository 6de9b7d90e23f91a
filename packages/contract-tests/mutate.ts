/**
 * Changes the code in thousands of small ways and looks whether a test notices: Stryker, on demand.
 *
 *   pnpm mutate                        client, sandbox and the generators, one after the other
 *   pnpm mutate client                 one of them
 *   pnpm mutate client src/errors.ts   some files of one of them
 *
 * The tests are those of each package. Reports lie in `report/mutation/`.
 */
import { Stryker } from '@stryker-mutator/core'

/**
 * What is mutated in each package. Generated files are held by comparison with their generator; what runs in a process
 * of its own, as a command or in workerd, a mutant does not reach; `spec/build.ts` runs so, and its tests look at what it
 * wrote.
 */
const packages: Record<string, { folder: string; mutate: string[] }> = {
  client: { folder: '../client', mutate: ['src/**/*.ts', 'generate.ts', 'resources.ts', '!src/**/*.gen.ts'] },
  sandbox: {
    folder: '../sandbox',
    mutate: ['src/**/*.ts', 'contract.ts', '!src/**/*.gen.ts', '!src/{command,worker}.ts'],
  },
  spec: { folder: '../../spec', mutate: ['schema.ts', 'validators.ts'] },
}

const [name, ...files] = process.argv.slice(2)
if (name !== undefined && !packages[name]) {
  console.error(`There is no package ${name} to mutate; there are ${Object.keys(packages).join(', ')}.`)
  process.exit(2)
}

for (const one of name ? [name] : Object.keys(packages)) await mutate(one, files)

async function mutate(one: string, only: string[]): Promise<void> {
  const { folder, mutate } = packages[one] as (typeof packages)[string]
  process.chdir(new URL(folder, import.meta.url).pathname)
  const report = new URL(`report/mutation/${one}`, import.meta.url).pathname
  const stryker = new Stryker({
    mutate: only.length > 0 ? only : mutate,
    testRunner: 'vitest',
    plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
    vitest: { configFile: new URL('mutate.vitest.ts', import.meta.url).pathname },
    coverageAnalysis: 'perTest',
    // Two of them fill the two cores of a small machine.
    concurrency: Number(process.env.STRYKER_CONCURRENCY ?? 2),
    timeoutMS: 8_000,
    // What runs once, when a module is loaded, takes the whole suite per mutant.
    ignoreStatic: true,
    reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
    htmlReporter: { fileName: `${report}.html` },
    jsonReporter: { fileName: `${report}.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: { high: 95, low: 85, break: 85 },
    // Stryker reads a tsconfig by the compiler's JavaScript API, which TypeScript 7 no longer has. Without one in its
    // copy of the package, the package's own is found further up.
    tsconfigFile: 'none.json',
    ignorePatterns: ['tsconfig.json', 'report'],
    disableTypeChecks: false,
    allowConsoleColors: false,
  })
  await stryker.runMutationTest()
}
