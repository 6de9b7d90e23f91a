/** Makes the contract larger: repeats the phones under other names, with all of their components. */
import { parse } from 'yaml'

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document
type Node = any

/** The names of the components that belong to the phones. All resources share the others. */
const own = /Phone|^(Creat(e[A-Z]|ed|ion)|Update|Marked)|NumberMissing/

/**
 * Repeats the phones until the contract has this many resources like them.
 *
 * @param text the contract, as YAML or JSON.
 * @example repeatedContract(await readFile('openapi.yaml', 'utf8'), 200) // 1,000 operations on phones, and the others once
 */
export function repeatedContract(text: string, times: number): string {
  const contract: Node = parse(text)
  const tag = contract.tags.find(({ name }: Node) => name === 'Borrower Phones')
  const paths = Object.entries(contract.paths).filter(([path]) => path.includes('/phones'))
  const components = Object.entries<Node>(contract.components).flatMap(([kind, members]) =>
    Object.entries(members).flatMap(([name, member]) => (own.test(name) ? [{ kind, name, member }] : [])),
  )
  for (let index = 1; index < times; index++) {
    const word = wordOf(index)
    const copy = (value: unknown) => JSON.parse(renamed(JSON.stringify(value), word))
    contract.tags.push(copy(tag))
    for (const [path, item] of paths) contract.paths[renamed(path, word)] = copy(item)
    for (const { kind, name, member } of components)
      contract.components[kind][componentName(name, word)] = copy(member)
  }
  return JSON.stringify(contract, null, 2)
}

/** Derives the sandbox's handlers of a repeated resource from those of the phones. */
export function repeatedHandlers(text: string, index: number): { file: string; text: string } {
  const word = wordOf(index)
  return {
    file: `borrower-${word.toLowerCase()}-phones.ts`,
    text: renamed(text, word)
      .replaceAll('borrowerPhones', `borrower${word}Phones`)
      .replaceAll(/\b(examples|responses)\.(\w+)/g, (whole, kind: string, name: string) =>
        own.test(name) ? `${kind}.${componentName(name, word)}` : whole,
      ),
  }
}

/** The path of a repeated resource. @example pathOf('/api/…/phones', 3) */
export function pathOf(path: string, index: number): string {
  return index === 0 ? path : renamed(path, wordOf(index))
}

/** Aa, Ab, … Zz, because an operation id has only letters. */
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
