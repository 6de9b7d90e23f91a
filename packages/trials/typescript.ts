/** Generates clients in TypeScript and compiles a program for each, under `strict`. */
import { execFile } from 'node:child_process'
import { cp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { generators } from './generators.ts'

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

/**
 * Writes the programs to `<folder>/compiled/<generator>/`. The folder must be in this package, so that the generated code
 * finds the runtime packages that it imports.
 *
 * @param programs the folder here with a program for each generator.
 * @param program what a program is called after it's copied.
 * @param shared a file of the folder that all programs import.
 * @returns the compiler's errors, by generator.
 */
export async function compilePrograms(
  folder: string,
  programs: string,
  program: string,
  shared: string,
): Promise<Map<string, string[]>> {
  await rm(folder, { recursive: true, force: true })
  const source = (name: string) => fileURLToPath(new URL(`${programs}/${name}`, import.meta.url))
  for (const [name, generate] of Object.entries(generators)) {
    await generate(`${folder}${name}/generated`)
    await cp(source(`${name}.ts`), `${folder}${name}/${program}`)
    await cp(source(shared), `${folder}${name}/${shared}`)
  }
  return compile(folder, program)
}

/** Compiles all programs at once. The compiler writes those with errors too, so each generator has its own result. */
async function compile(folder: string, program: string): Promise<Map<string, string[]>> {
  const names = Object.keys(generators)
  const compilerOptions = {
    strict: true,
    target: 'es2024',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
    module: 'nodenext',
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
    rootDir: '.',
    outDir: 'compiled',
  }
  const files = names.map((name) => `${name}/${program}`)
  await writeFile(`${folder}tsconfig.json`, JSON.stringify({ compilerOptions, files }))
  const { stdout } = await promisify(execFile)(process.execPath, [
    tsc,
    '-p',
    folder,
    '--pretty',
    'false',
  ]).catch((failed: { stdout: string }) => failed)
  const lines = stdout.split('\n').filter((text) => /error TS/.test(text))
  return Map.groupBy(lines, (line) => names.find((known) => line.includes(`${known}/`)) ?? '')
}
