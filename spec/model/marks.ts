/** The marks of a claim: `x-assumed`, `x-source` and `x-question` say where it comes from. */
import { type Node, pointerTo } from './references.ts'
import type { Mark, Provenance } from './shape.ts'

const extensions = { assumed: 'x-assumed', source: 'x-source', question: 'x-question' } as const

export function provenanceOf(node: Node): Provenance {
  return Object.fromEntries(
    Object.entries(extensions).flatMap(([kind, extension]) =>
      typeof node?.[extension] === 'string' ? [[kind, node[extension].trim()]] : [],
    ),
  )
}

/** Every mark at or below a place, in the order of the document. */
export function marksIn(node: Node, pointer: string): Mark[] {
  if (typeof node !== 'object' || node === null) return []
  const own = Object.entries(Array.isArray(node) ? {} : provenanceOf(node)).map(
    ([kind, text]): Mark => ({ kind: kind as keyof Provenance, pointer, text }),
  )
  const below = Object.entries(node).flatMap(([key, child]) => marksIn(child, pointerTo(pointer, key)))
  return [...own, ...below]
}
