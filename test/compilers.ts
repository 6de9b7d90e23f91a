/** Compiles programs as projects with different versions and settings of TypeScript do. */
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './packages.ts'

const run = promisify(execFile)

/** Where the workspace has each version. The contract's types are generated with TypeScript 6. */
const compilers = {
  'TypeScript 5.4': 'node_modules/typescript-5.4',
  'TypeScript 5.9': 'node_modules/typescript-5.9',
  'TypeScript 6': 'spec/node_modules/typescript',
  'TypeScript 7': 'node_modules/typescript',
}

/** Where one project can have both formats, programs are ES modules (`mts`) and CommonJS (`cts`). */
const resolutions = {
  node16: { module: 'node16', formats: ['mts', 'cts'] },
  nodenext: { module: 'nodenext', formats: ['mts'], verbatimModuleSyntax: true },
  bundler: { module: 'esnext', formats: ['ts'], verbatimModuleSyntax: true },
  node10: { module: 'commonjs', formats: ['ts'] },
}

interface Setting {
  version: keyof typeof compilers
  moduleResolution: keyof typeof resolutions
}

/** TypeScript 7 doesn't have `node10`. */
export const settings: Setting[] = (Object.keys(compilers) as Setting['version'][]).flatMap((version) =>
  (Object.keys(resolutions) as Setting['moduleResolution'][])
    .filter((moduleResolution) => version !== 'TypeScript 7' || moduleResolution !== 'node10')
    .map((moduleResolution) => ({ version, moduleResolution })),
)

/** Without Node's types, because the packages don't need them. The newest ones don't compile with TypeScript 5.4. */
const globals = 'declare const process: { env: Record<string, string | undefined> }'

const compilerOptions = {
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  isolatedModules: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  skipLibCheck: false,
  noEmit: true,
}

/**
 * Type-checks programs, and the declarations of all packages that they import.
 *
 * @param folder a new folder in a project that has the packages.
 * @param programs ES modules by name, which can use `await` at the top.
 * @returns what the compiler reports; empty if it finds nothing.
 */
export async function compile(
  folder: string,
  programs: Record<string, string>,
  { version, moduleResolution }: Setting,
): Promise<string> {
  const { formats, ...own } = resolutions[moduleResolution]
  const isDeprecated = version === 'TypeScript 6' && moduleResolution === 'node10'
  const options = {
    ...compilerOptions,
    ...own,
    moduleResolution,
    ...(isDeprecated && { ignoreDeprecations: '6.0' }),
  }
  await mkdir(folder)
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }))
  await writeFile(join(folder, 'globals.d.ts'), globals)
  for (const [name, code] of Object.entries(programs))
    for (const format of formats) {
      const text = format === 'cts' || own.module === 'commonjs' ? asCommonJs(code) : `${code}\nexport {}\n`
      // These two settings don't know import attributes.
      const isOld = own.module === 'node16' || own.module === 'commonjs'
      await writeFile(join(folder, `${name}.${format}`), isOld ? text.replaceAll(/ with \{.*/g, '') : text)
    }
  const tsc = join(root, compilers[version], 'bin/tsc')
  return run(process.execPath, [tsc, '--project', folder]).then(
    () => '',
    ({ stdout, message }) => stdout || message,
  )
}

/** CommonJS has no `await` at the top, so everything but the imports goes into a function. */
function asCommonJs(code: string): string {
  const imports = code.match(/^import [^;]*? from '.*$/gm) ?? []
  const rest = imports.reduce((rest, line) => rest.replace(line, ''), code)
  return [...imports, 'export async function program() {', rest, '}'].join('\n')
}
