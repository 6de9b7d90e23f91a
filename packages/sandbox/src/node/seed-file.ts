import { readFileSync } from 'node:fs'
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { collections } from '../resources/resources.gen.ts'
import { findExcess, tooDeep } from '../world/text-limits.ts'
import { describePlace, readWorldFile, WorldFileError } from '../world/world-file.ts'

/**
 * Parses and checks a seed file, JSON or YAML.
 *
 * @throws {Error} with one line for each problem: `seed.yaml:7: /orders/0/borrowers/0/phones/1/valid: must be integer`.
 * @example createSandbox({ seed: readSeedFile('seed.yaml') })
 */
export function readSeedFile(file: string): unknown {
  const text = readText(file)
  // A dash or a question mark opens a level in YAML.
  const excess = findExcess(text) ?? (/^ *(?:[-?] +){500}/m.test(text) ? tooDeep : undefined)
  if (excess) throw invalidSeed([`${file}: ${excess}`])
  const lines = new LineCounter()
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error' } as const
  const document = parseDocument(text, options)
  // Indentation opens levels, too. If there are too many, the parser notes that the stack is full.
  if (document.errors.some(({ message }) => message.includes('call stack')))
    throw invalidSeed([`${file}: ${tooDeep}`])
  if (document.errors.length > 0) {
    throw invalidSeed(
      document.errors.map((error) => `${file}:${lines.linePos(error.pos[0]).line}: ${describe(error)}`),
    )
  }
  const content = toValue(document, file)
  try {
    readWorldFile(content, collections, '2000-01-01 00:00:00')
    return content
  } catch (error) {
    if (!(error instanceof WorldFileError)) throw error
    throw invalidSeed(
      error.problems.map(
        ({ pointer, message }) =>
          `${file}:${findLine(pointer, document, lines)}: ${describePlace(pointer)}: ${message}`,
      ),
    )
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`Can't read the seed file ${file}: ${code}`, { cause: error })
  }
}

/** Resolves aliases. */
function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw invalidSeed([`${file}: ${describe(error as Error)}`])
  }
}

/** The parser's messages can quote the file after a colon. */
function describe({ message }: Error): string {
  return message.replace(/:\s.*/s, '')
}

/** The line of the value or its key; if it is missing, the line of what would contain it. */
function findLine(pointer: string, document: Document, lines: LineCounter): number {
  const path = pointer.split('/').slice(1)
  const names = path.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  for (let depth = names.length; depth > 0; depth--) {
    const parent = document.getIn(names.slice(0, depth - 1), true)
    const name = names[depth - 1]
    const node = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === name)?.key
      : isSeq(parent) && parent.items[Number(name)]
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

function invalidSeed(problems: string[]): Error {
  return new Error(`The seed doesn't fit the contract:\n${problems.join('\n')}`)
}
