/** OpenAPI Generator, which has templates for many languages. It's a Java program, and `requirements.txt` pins it. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const here = fileURLToPath(new URL('.', import.meta.url))
const withoutTests = 'apiTests=false,modelTests=false,apiDocs=false,modelDocs=false'

/**
 * Generates a client into `<folder>/generated`.
 *
 * @param document an OpenAPI document, as JSON.
 * @throws {Error} with the generator's output.
 * @example generateClient('ruby', document, 'dist/ruby')
 */
export async function generateClient(
  template: string,
  document: string,
  folder: string,
  options: string[] = [],
): Promise<void> {
  const jar = await install()
  await mkdir(folder, { recursive: true })
  await writeFile(`${folder}/openapi.json`, document)
  const paths = ['--input-spec', 'openapi.json', '--output', 'generated', '--global-property', withoutTests]
  // Java starts faster with one of its two compilers.
  const java = ['-XX:TieredStopAtLevel=1', '-jar', jar]
  await run('java', [...java, 'generate', '--generator-name', template, ...paths, ...options], {
    cwd: folder,
  })
}

/** Installs the generator once for each version of `requirements.txt`, and returns its Java archive. */
async function install(): Promise<string> {
  const requirements = `${here}requirements.txt`
  const version = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
  const folder = `${here}node_modules/.cache/openapi-generator/${version.slice(0, 12)}`
  const jar = `${folder}/openapi_generator_cli/openapi-generator.jar`
  if (!existsSync(jar)) {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes']
    await run('python3', ['-m', 'pip', 'install', ...options, '--target', folder, '-r', requirements])
  }
  return jar
}
