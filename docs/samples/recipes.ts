/** Reads the programs of the recipes: `recipes/<name>/` has one or more files for each language. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Language, languages, type Program, type SampleFile } from './languages.ts'

/** A recipe with commands that are the same for every language has a tab for each shell. */
const shells: Record<string, string> = { '.sh': 'bash', '.ps1': 'PowerShell' }

/** Files that a recipe shows from another folder. */
const borrowed: Record<string, string> = { 'test-against-faults': '../packages/faults/adapters/' }

// Astro bundles this file, so `import.meta.url` isn't its own.
const docs = pathToFileURL(`${process.cwd()}/`)
const folder = new URL('samples/recipes/', docs)

export const recipeNames: string[] = readdirSync(folder).sort()

/**
 * Returns the programs of a recipe, in the order of the languages.
 *
 * @param name the name of its folder.
 * @throws {Error} if there is no such folder.
 */
export function readRecipe(name: string): Program[] {
  const folders = [new URL(`${name}/`, folder), ...(borrowed[name] ? [new URL(borrowed[name], docs)] : [])]
  const paths = folders.flatMap((one) => readdirSync(one).map((file) => new URL(file, one)))
  if (paths.every(({ pathname }) => shells[extname(pathname)] && !isNamed(pathname)))
    return Object.entries(shells).map(([extension, label]) => ({
      label,
      files: readCommands(paths, extension),
    }))
  return languages
    .map((language) => ({ label: language.label, files: readFilesOf(language, paths) }))
    .filter(({ files }) => files.length > 0)
}

/** The commands of a language, such as `java.sh`, and then its programs. */
function readFilesOf({ id, extension }: Language, paths: URL[]): SampleFile[] {
  const commands = paths.filter(({ pathname }) => basename(pathname, '.sh') === id)
  const programs = paths.filter(({ pathname }) => !isNamed(pathname))
  return [...readCommands(commands, '.sh'), ...read(programs, extension)]
}

/** Whether a file is named after a language. */
function isNamed(path: string): boolean {
  return languages.some(({ id }) => basename(path, '.sh') === id)
}

function readCommands(paths: URL[], extension: string): SampleFile[] {
  return read(paths, extension).map(({ grammar, code }) => ({ grammar, code }))
}

function read(paths: URL[], extension: string): SampleFile[] {
  const grammar = languages.find((language) => language.extension === extension)?.grammar ?? 'text'
  return paths
    .filter(({ pathname }) => extname(pathname) === extension)
    .map((path) => ({ title: basename(path.pathname), grammar, code: readFileSync(path, 'utf8') }))
}
