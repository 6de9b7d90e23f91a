/**
 * The facts of the vendor's pages: their tables, samples and URL lines, parsed from word-for-word copies in `vendor/`.
 * The copies don't contain the pages' prose.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** A row of one of the vendor's tables of request fields. */
export interface VendorField {
  name: string
  mandatory: boolean
  /** As the table prints it: `1` is the string "1". */
  example: string
  /** The codes that the description names, as in "(1 = Valid, 0 = Invalid)". */
  codes: number[]
}

/** One operation of a page. */
export interface VendorOperation {
  /** The page, as `x-source` has to name it. Absent for the page about phones, which needs no `x-source`. */
  page?: string
  title: string
  method: string
  /** The path template, with `{order_id}` and so on. */
  path: string
  fields: VendorField[]
  /** The success code. */
  status: string
  /** The URL of the example. */
  url: URL
  /** The JSON body of the example request; absent where the document says "NA". */
  request?: unknown
  response: unknown
}

export interface VendorFacts {
  /** Whether a page requires a bearer token on every request. */
  needsBearer: boolean
  operations: VendorOperation[]
}

/** @throws {SyntaxError} if an operation lacks one of its lines, or a sample isn't JSON. */
export function parseVendorFacts(pages: string[]): VendorFacts {
  return {
    needsBearer: pages.some((page) => page.includes('must include a valid Bearer token')),
    operations: pages.flatMap(parsePage),
  }
}

/** An operation begins with its title, directly above its URL line. */
function parsePage(text: string): VendorOperation[] {
  const page = /^Page: (.+)$/m.exec(text)?.[1]
  const headings = [...text.matchAll(/^(.+)\nURL: (\/\S+)$/gm)]
  return headings.map(({ 1: title = '', 2: path = '', index }, i) => ({
    ...(page !== undefined && { page }),
    title,
    path,
    ...parseOperation(text.slice(index, headings[i + 1]?.index)),
  }))
}

function parseOperation(section: string): Omit<VendorOperation, 'page' | 'title' | 'path'> {
  const find = (pattern: RegExp) => {
    const found = section.match(pattern)?.[1]
    if (found === undefined) throw new SyntaxError(`No line matches ${pattern} in: ${section.slice(0, 80)}…`)
    return found
  }
  const request = section.match(/^Request Body:\s*(\{.*\}) \|$/m)?.[1]
  return {
    method: find(/^Method: (\w+)$/m).toLowerCase(),
    fields: [...section.matchAll(/^([a-z][a-z0-9_]*) \| (.*) \| (Yes|No) \| (.+?)(?: \|)?$/gm)].map(
      parseField,
    ),
    status: find(/^Success Code: (\d+)/m),
    url: new URL(find(/^URL: (https:\S+)/m)),
    ...(request !== undefined && { request: JSON.parse(request) }),
    response: JSON.parse(find(/^Response:\s*(\{.*\}) \|$/m)),
  }
}

function parseField([, name = '', description = '', mandatory, example = '']: RegExpMatchArray): VendorField {
  const codes = [...description.matchAll(/(\d+) = /g)].map(([, code]) => Number(code))
  return { name, mandatory: mandatory === 'Yes', example, codes }
}

const folder = new URL('vendor/', import.meta.url)

/** The excerpt of each page. */
export const vendorPages: string[] = readdirSync(folder)
  .sort()
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))

/** The facts of all pages. */
export const vendorFacts: VendorFacts = parseVendorFacts(vendorPages)
