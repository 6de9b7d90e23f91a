/**
 * What the vendor documents, parsed from the tables, samples and URL lines of its document (`vendor.txt`, word for
 * word; the prose between them is left out). The tests hold the contract against it.
 */
import { readFileSync } from 'node:fs'

/** A row of one of the vendor's tables of request fields. */
export interface Field {
  name: string
  mandatory: boolean
  /** As the table prints it, so `1` is the string "1". */
  example: string
  /** The codes that the description spells out, such as "(1 = Valid, 0 = Invalid)"; empty if it spells out none. */
  codes: number[]
}

/** One operation of the vendor's document. */
export interface DocumentedOperation {
  title: string
  method: string
  /** The path template, with `{order_id}` and so on. */
  path: string
  fields: Field[]
  /** The success code. */
  status: string
  /** The URL of the example. */
  url: URL
  /** The JSON body of the example request; absent where the document says "NA". */
  request?: unknown
  response: unknown
}

export interface VendorFacts {
  /** The document demands a bearer token on every request. */
  bearer: boolean
  operations: DocumentedOperation[]
}

/**
 * Reads the excerpt: an operation begins with its title, directly followed by its URL line.
 *
 * @throws {SyntaxError} if an operation lacks one of its lines, or a sample is no JSON.
 */
export function parseVendorFacts(document: string): VendorFacts {
  const headings = [...document.matchAll(/^(.+)\nURL: (\/\S+)$/gm)]
  return {
    bearer: /must include a valid Bearer token/.test(document),
    operations: headings.map(({ 1: title = '', 2: path = '', index }, i) => ({
      title,
      path,
      ...parseOperation(document.slice(index, headings[i + 1]?.index)),
    })),
  }
}

function parseOperation(section: string): Omit<DocumentedOperation, 'title' | 'path'> {
  const value = (pattern: RegExp) => {
    const found = section.match(pattern)?.[1]
    if (found === undefined) throw new SyntaxError(`${pattern} matches nothing in: ${section.slice(0, 80)}…`)
    return found
  }
  const request = section.match(/^Request Body:\s*(\{.*\}) \|$/m)?.[1]
  return {
    method: value(/^Method: (\w+)$/m).toLowerCase(),
    fields: [...section.matchAll(/^([a-z][a-z0-9_]*) \| (.*) \| (Yes|No) \| (.+?)(?: \|)?$/gm)].map(
      parseField,
    ),
    status: value(/^Success Code: (\d+)/m),
    url: new URL(value(/^URL: (https:\S+)/m)),
    ...(request !== undefined && { request: JSON.parse(request) }),
    response: JSON.parse(value(/^Response:\s*(\{.*\}) \|$/m)),
  }
}

function parseField([, name = '', description = '', mandatory, example = '']: RegExpMatchArray): Field {
  const codes = [...description.matchAll(/(\d+) = /g)].map(([, code]) => Number(code))
  return { name, mandatory: mandatory === 'Yes', example, codes }
}

/** The vendorFacts of borrower phone operations. */
export const vendorFacts = parseVendorFacts(readFileSync(new URL('vendor/borrower-phones.txt', import.meta.url), 'utf8'))
