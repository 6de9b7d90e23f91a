/** Runs the programs of the guides as printed. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Output {
  /** 0, or the exit code of a program that failed. */
  code: number
  stdout: string
  stderr: string
}

const folder = fileURLToPath(new URL('..', import.meta.url))

/** Reads the blocks of code of a guide in one language. */
export function readBlocks(slug: string, language: string): string[] {
  const guide = readGuide(slug)
  return [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, name, code = '']) =>
    name === language ? [code] : [],
  )
}

export function readGuide(slug: string): string {
  return readFileSync(new URL(`../../../docs/src/content/docs/guides/${slug}.mdx`, import.meta.url), 'utf8')
}

/** Compiles programs with every strict option, with and without the types of browsers. Returns what the compiler says. */
export async function compile(programs: readonly string[]): Promise<string> {
  const project = join(folder, 'node_modules/.cache', `guides-${crypto.randomUUID()}`)
  await mkdir(project, { recursive: true })
  for (const [n, code] of programs.entries()) await writeFile(join(project, `program-${n}.ts`), code)
  await writeFile(
    join(project, 'tsconfig.json'),
    JSON.stringify({ extends: '../../../../../tsconfig.base.json', include: ['*.ts'] }),
  )
  const libs = ['es2024', 'es2024,dom,dom.iterable']
  const outputs = await Promise.all(libs.map((lib) => run('tsc', ['--project', project, '--lib', lib], {})))
  await rm(project, { recursive: true })
  return outputs.map(({ stdout, stderr }) => stdout + stderr).join('')
}

/** Runs a TypeScript program with Node, where it can import what this package can. */
export function runWithNode(
  program: string,
  env: Record<string, string>,
  args: string[] = [],
): Promise<Output> {
  return run(process.execPath, [...args, '--input-type=module-typescript', '--eval', program], env)
}

/** Runs a command with the given environment variables only: a proxy of this machine must not take part. */
export function run(command: string, args: string[], env: Record<string, string>): Promise<Output> {
  const { PATH = '', HOME = '' } = process.env
  const all = { PATH, HOME, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', DO_NOT_TRACK: '1', ...env }
  return new Promise((resolve) => {
    execFile(command, args, { cwd: folder, env: all, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

/** The binary from the package for this machine. Bun's install script would link it, but it doesn't run here. */
export function bunBinary(): string {
  const manifest = createRequire(import.meta.url).resolve('bun/package.json')
  const { optionalDependencies } = createRequire(manifest)('./package.json')
  for (const name of Object.keys(optionalDependencies))
    for (const file of ['bun', 'bun.exe'])
      try {
        return createRequire(manifest).resolve(`${name}/bin/${file}`)
      } catch {
        // A package for another machine.
      }
  throw new Error('bun has no binary for this machine')
}
