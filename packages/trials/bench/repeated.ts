/** A contract as large as one likes: the phones, again and again, under other names, with all that belongs to them. */
import { parse } from 'yaml'

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document, read by its own rules
type Node = any

/** What belongs to the phones alone; the rest of the components is shared. */
const own = /Phone|^(Creat(e[A-Z]|ed|ion)|Update)|NumberMissing/

/**
 * The contract with its resource there this many times.
 *
 * @param text the contract, YAML or JSON.
 * @example repeatedContract(await readFile('openapi.yaml', 'utf8'), 200) // 1,000 operations and the login
 */
export function repeatedContract(text: string, times: number): string {
  const contract: Node = parse(text)
  const [tag] = contract.tags
  const paths = Object.entries(contract.paths).filter(([path]) => path.includes('/phones'))
  const components = Object.entries<Node>(contract.components).flatMap(([kind, members]) =>
    Object.entries(members).flatMap(([name, member]) => (own.test(name) ? [{ kind, name, member }] : [])),
  )
  for (let index = 1; index < times; index++) {
    const word = wordOf(index)
    const again = (value: unknown) => JSON.parse(renamed(JSON.stringify(value), word))
    contract.tags.push(again(tag))
    for (const [path, item] of paths) contract.paths[renamed(path, word)] = again(item)
    for (const { kind, name, member } of components)
      contract.components[kind][componentName(name, word)] = again(member)
  }
  return JSON.stringify(contract, null, 2)
}

/** A file of the sandbox's behaviours for one of the repeated resources, made from that of the phones. */
export function repeatedBehaviours(text: string, index: number): { file: string; text: string } {
  const word = wordOf(index)
  return {
    file: `borrower-${word.toLowerCase()}-phones.ts`,
    text: renamed(text, word)
      .replaceAll('borrowerPhones', `borrower${word}Phones`)
      .replaceAll(/\bexamples\.(\w+)/g, (_, name: string) => `examples.${componentName(name, word)}`)
      .replace("const collection = 'phones'", `const collection = '${word.toLowerCase()}_phones'`),
  }
}

/** The path of a repeated resource. @example pathOf('/api/…/phones', 3) */
export function pathOf(path: string, index: number): string {
  return index === 0 ? path : renamed(path, wordOf(index))
}

/** Aa, Ab, … Zz: an operation id holds letters only. */
function wordOf(index: number): string {
  return String.fromCharCode(65 + Math.floor(index / 26), 97 + (index % 26))
}

function componentName(name: string, word: string): string {
  return name.includes('BorrowerPhone') ? renamed(name, word) : word + name
}

function renamed(text: string, word: string): string {
  const lower = word.toLowerCase()
  return text
    .replaceAll(/Borrower( ?)Phone/g, `Borrower$1${word}$1Phone`)
    .replaceAll('phone_id', `${lower}_phone_id`)
    .replaceAll('/phones', `/${lower}-phones`)
    .replaceAll(/"#\/components\/(\w+)\/(\w+)"/g, (whole, kind: string, name: string) =>
      own.test(name) && !name.includes(`Borrower${word}`) ? `"#/components/${kind}/${word}${name}"` : whole,
    )
}
