/** Compiles programs in each language, once for all of them, and runs them. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { commands, makeEnvironment } from '@recoveryconnect/client-python/python.ts'
import { type Language, languages } from '../samples/languages.ts'

export interface Source {
  /** A name of its own among the programs of its language. */
  name: string
  code: string
}

interface Toolchain {
  /** What it needs, for the message if it's missing. */
  needs: string
  isInstalled: () => Promise<boolean>
  /** Writes and compiles the programs. Returns the command that runs one of them. */
  prepare: (sources: Source[], folder: string) => Promise<(name: string) => string[]>
}

export interface Outcome {
  status: number
  stdout: string
  stderr: string
}

const docs = fileURLToPath(new URL('..', import.meta.url))
const pythonSource = fileURLToPath(new URL('../packages/client-python/src', `file://${docs}`))
const gson = '/usr/share/java/gson.jar'
const newtonsoft = '/usr/lib/cli/Newtonsoft.Json-5.0/Newtonsoft.Json.dll'
// Short programs start faster with one of Java's two compilers.
const quickJava = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']

/** Without one of these, CI fails. `.ci/run` installs what a machine can lack. */
export const toolchains: Record<string, Toolchain> = {
  curl: {
    needs: 'curl and jq',
    isInstalled: () => succeeds('curl --version && jq --version'),
    prepare: prepareScripts(['bash']),
  },
  typescript: {
    needs: 'Node.js',
    isInstalled: async () => true,
    // Imports in a program without a file start from the working directory.
    prepare: async (sources) => (name) => [
      process.execPath,
      '--input-type=module-typescript',
      '--eval',
      sources.find((source) => source.name === name)?.code ?? '',
    ],
  },
  python: {
    needs: 'Python 3.10 or newer',
    isInstalled: makeEnvironment,
    prepare: prepareScripts([`${commands}/python`]),
  },
  java: {
    needs: 'Java 17 and Gson, the Debian package libgoogle-gson-java',
    isInstalled: () => succeeds(`javac -version && test -f ${gson}`),
    prepare: prepareJava,
  },
  csharp: {
    needs: 'Mono and Newtonsoft.Json, the Debian packages mono-mcs and libnewtonsoft-json5.0-cil',
    isInstalled: () => succeeds(`mcs --version && test -f ${newtonsoft}`),
    prepare: prepareCSharp,
  },
  php: {
    needs: 'PHP with curl',
    isInstalled: () => succeeds(`php -r 'curl_init();'`),
    prepare: prepareScripts(['php']),
  },
}

/**
 * Compiles the programs of every language that this machine can run, all at the same time.
 *
 * @returns the languages, each with a function that returns the command of a program. It's undefined if the toolchain is
 *   missing.
 * @throws {Error} with `CI=true`, if a toolchain is missing.
 */
export async function prepareLanguages(listSources: (language: Language) => Source[]) {
  const folder = await mkdtemp(join(tmpdir(), 'recoveryconnect-samples-'))
  const prepared = await Promise.all(
    languages.map(async (language) => {
      const toolchain = toolchains[language.id]
      // PowerShell can't be installed from the registries that CI reaches.
      if (!toolchain) return []
      if (!(await hasToolchain(language))) return [{ ...language, commandOf: undefined }]
      const own = join(folder, language.id)
      await mkdir(own)
      return [{ ...language, commandOf: await toolchain.prepare(listSources(language), own) }]
    }),
  )
  return { languages: prepared.flat(), remove: () => rm(folder, { recursive: true }) }
}

/**
 * Returns whether this machine has the toolchain of a language. If not, says in one line what is left out.
 *
 * @throws {Error} with `CI=true`, if it's missing.
 */
export async function hasToolchain({ id, label }: Language): Promise<boolean> {
  const { needs, isInstalled } = toolchains[id] ?? {}
  if (await isInstalled?.()) return true
  const message = `The programs in ${label} weren't run, because this machine lacks ${needs}.`
  if (process.env.CI) throw new Error(message)
  console.warn(message)
  return false
}

/** Runs a command in the folder of the docs, with no variables of ours but these. */
export async function run(
  [command = '', ...args]: string[],
  variables: NodeJS.ProcessEnv,
  cwd = docs,
): Promise<Outcome> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('RECOVERYCONNECT_'))
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter)
  const env = { ...Object.fromEntries(own), PATH: path, PYTHONPATH: pythonSource, ...variables }
  return new Promise((resolve) => {
    execFile(command, args, { env, cwd }, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : -1) : 0
      resolve({ status, stdout, stderr })
    }).stdin?.end()
  })
}

function succeeds(command: string): Promise<boolean> {
  return run(['bash', '-c', command], {}).then(({ status }) => status === 0)
}

function prepareScripts(command: string[]): Toolchain['prepare'] {
  return async (sources, folder) => {
    await Promise.all(sources.map(({ name, code }) => writeFile(join(folder, name), code)))
    return (name) => [...command, join(folder, name)]
  }
}

async function prepareJava(sources: Source[], folder: string) {
  const compiled = await compileGroups(sources, folder, '.java', (group, files) => [
    ...['javac', '-J-XX:TieredStopAtLevel=1', '-encoding', 'UTF-8', '-cp', gson, '-d', group],
    ...files,
  ])
  return (name: string) => {
    const { group, main } = compiled.get(name) ?? {}
    return ['java', ...quickJava, '-cp', [group, gson].join(delimiter), main ?? '']
  }
}

async function prepareCSharp(sources: Source[], folder: string) {
  // Mono compiles slowly, so the programs become one library, and this program starts them.
  const launcher = join(folder, 'Launcher.cs')
  const program = join(folder, 'Launcher.exe')
  const main =
    'GetMethod("Main", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)'
  await writeFile(
    launcher,
    // After an asynchronous call, Mono sometimes waits for most of a minute when Main returns.
    `class Launcher { static void Main(string[] args) {
      var result = System.Reflection.Assembly.LoadFrom(args[0]).GetType(args[1]).${main}.Invoke(null, null);
      System.Environment.Exit(result is int ? (int)result : 0);
    } }`,
  )
  const references = ['-r:System.Net.Http.dll', `-r:${newtonsoft}`]
  const [compiled] = await Promise.all([
    compileGroups(sources, folder, '.cs', (group, files) => [
      ...['mcs', '-target:library', `-out:${group}/programs.dll`, ...references],
      ...files,
    ]),
    compile(['mcs', `-out:${program}`, launcher]),
  ])
  return (name: string) => {
    const { group, main = '' } = compiled.get(name) ?? {}
    return ['mono', program, `${group}/programs.dll`, main]
  }
}

/** Compiles programs together unless their classes have the same name. */
async function compileGroups(
  sources: Source[],
  folder: string,
  extension: string,
  command: (group: string, files: string[]) => string[],
): Promise<Map<string, { group: string; main: string }>> {
  const compiled = new Map<string, { group: string; main: string }>()
  const groups: { group: string; files: string[] }[] = []
  for (const { name, code } of sources) {
    const main = /^class (\w+)/m.exec(code)?.[1] ?? ''
    const index = [...compiled.values()].filter((one) => one.main === main).length
    groups[index] ??= { group: join(folder, `${index}`), files: [] }
    const { group, files } = groups[index]
    const file = join(group, main + extension)
    await mkdir(group, { recursive: true })
    await writeFile(file, code)
    files.push(file)
    compiled.set(name, { group, main })
  }
  await Promise.all(groups.map(({ group, files }) => compile(command(group, files))))
  return compiled
}

const execute = promisify(execFile)

async function compile([program = '', ...args]: string[]): Promise<void> {
  await execute(program, args)
}
