/** Writes the provenance of each claim where people read it: in the descriptions of the document. */
import { provenanceOf } from './model/marks.ts'
import { follow, isObject, type Node } from './model/references.ts'
import type { Provenance } from './model/shape.ts'

const labels = { assumed: 'Assumption', source: 'Source', question: 'Question' } as const

/**
 * Formats provenance as Markdown, to append to a description. Returns an empty string if there is none.
 *
 * @example formatProvenance({ assumed: 'The samples show only null.' }) // ' *Assumption: The samples show only null.*'
 */
export function formatProvenance(provenance: Provenance): string {
  const kinds = Object.keys(labels) as (keyof Provenance)[]
  return kinds
    .flatMap((kind) => (provenance[kind] ? [` *${labels[kind]}: ${asSentence(provenance[kind])}*`] : []))
    .join('')
}

/** A source often ends without a period, and another text can follow it. */
function asSentence(text: string): string {
  return text.trim().replace(/(?<![.?!])$/, '.')
}

/**
 * Returns a copy for viewers that don't show `x-assumed`, `x-source` and `x-question`. The copy has their texts in the
 * descriptions instead, or in the summary of an example that has no description.
 *
 * @example const document = annotateProvenance(readModel().document)
 */
export function annotateProvenance<Document extends object>(document: Document): Document {
  return annotate(document, document)
}

function annotate(document: Node, node: Node): Node {
  if (Array.isArray(node)) return node.map((item) => annotate(document, item))
  if (!isObject(node)) return node
  const { 'x-assumed': _, 'x-source': __, 'x-question': ___, ...rest } = node
  const copy: Node = Object.fromEntries(
    Object.entries(rest).map(([key, child]) => [key, annotate(document, child)]),
  )
  const note = formatProvenance(provenanceOf(node))
  if (note === '') return copy
  const field = 'value' in copy && !('description' in copy) ? 'summary' : 'description'
  // A description next to `$ref` replaces the description of the target.
  const text = follow(document, { pointer: '#', node: rest }).node[field] ?? ''
  return { ...copy, [field]: `${text.trim()}${note}`.trim() }
}
