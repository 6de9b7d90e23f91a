/** Reads a partner's world file and says, by line, what does not fit the contract. */
import { readFileSync } from 'node:fs'
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { collections } from './resources.gen.ts'
import { readWorldFile, WorldFileError } from './world-file.ts'

/**
 * The parsed content of a seed file, JSON or YAML.
 *
 * @throws {Error} with a line per problem: `seed.yaml:7: /orders/0/borrowers/0/phones/1/valid: must be integer`.
 * @example createSandbox({ seed: readSeed('seed.yaml') })
 */
export function readSeed(file: string): unknown {
  const lines = new LineCounter()
  const document = parseDocument(textOf(file), { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    throw unfit(
      document.errors.map(({ pos, message }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`),
    )
  }
  const content = document.toJS()
  try {
    readWorldFile(content, collections, '2000-01-01 00:00:00')
    return content
  } catch (error) {
    if (!(error instanceof WorldFileError)) throw error
    throw unfit(
      error.problems.map(
        ({ pointer, message }) =>
          `${file}:${lineOf(pointer, document, lines)}: ${pointer || '/'}: ${message}`,
      ),
    )
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`The seed file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`, {
      cause: error,
    })
  }
}

/** The line of the place itself, or of the nearest thing around it; of the key, in an object. */
function lineOf(pointer: string, document: Document, lines: LineCounter): number {
  const path = pointer.split('/').slice(1)
  const names = path.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  for (let depth = names.length; depth > 0; depth--) {
    const around = document.getIn(names.slice(0, depth - 1), true)
    const name = names[depth - 1]
    const node = isMap(around)
      ? around.items.find(({ key }) => isScalar(key) && String(key.value) === name)?.key
      : isSeq(around) && around.items[Number(name)]
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

function unfit(problems: string[]): Error {
  return new Error(`The seed does not fit the contract:\n${problems.join('\n')}`)
}
