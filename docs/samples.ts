/**
 * One call per operation in four languages, made from the contract: the ids and the body are its examples.
 *
 * Each sample is a whole program. It takes the server from `RECOVERYCONNECT_URL` and the token from
 * `RECOVERYCONNECT_TOKEN`, prints the answer, follows no redirect and fails where the status is no success. The tests run
 * every one of them.
 */
import { createClient } from '@recoveryconnect/client'
import { type Operation, server } from './contract.ts'

/** What one call says beyond its operation. */
export interface Call {
  ids: Record<string, unknown>
  body?: unknown
  /** Headers that the caller adds. */
  headers?: Record<string, string>
}

export interface Language {
  /** The folder of its samples, and how guides name it. */
  id: string
  /** How Redoc names it, and by which grammar it colours it. */
  label: string
  grammar: string
  fileOf: (operation: Operation) => string
  /** Without a call, the contract's example ids and its first example of a body. */
  render: (operation: Operation, call?: Call) => string
}

export const languages: Language[] = [
  { id: 'curl', label: 'curl', grammar: 'shell', fileOf: ({ id }) => `${id}.sh`, render: curl },
  {
    id: 'typescript',
    label: 'TypeScript',
    grammar: 'typescript',
    fileOf: ({ id }) => `${id}.ts`,
    render: typescript,
  },
  { id: 'python', label: 'Python', grammar: 'python', fileOf: ({ id }) => `${id}.py`, render: python },
  { id: 'java', label: 'Java', grammar: 'java', fileOf: ({ id }) => `${className(id)}.java`, render: java },
]

/** The contract's example ids and its first example of a body. */
export function exampleCall({ parameters, request }: Operation): Call {
  return {
    ids: Object.fromEntries(parameters.map(({ name, example }) => [name, example])),
    body: request?.examples[0]?.value,
  }
}

// Asked for its names, never for an answer.
const client: object = createClient({ token: 'unused' })

/** Where a call of the TypeScript client stands: `rc.borrowerPhones.list`. A topic's methods keep their whole name. */
export function methodOf({ id, tag }: Operation): { resource: string; method: string } {
  const words = tag.replaceAll(' ', '')
  const resource = words.charAt(0).toLowerCase() + words.slice(1)
  const methods = Reflect.get(client, resource) as object | undefined
  const method = [id, id.replace(/[A-Z].*/, '')].find((name) => methods && name in methods)
  if (!method) throw new Error(`The client has no method for ${id} under ${resource}: run \`fix\`.`)
  return { resource, method }
}

function curl(operation: Operation, { ids, body, headers = {} }: Call = exampleCall(operation)): string {
  return joined([
    `server=\${RECOVERYCONNECT_URL:-${server}}`,
    `curl --fail-with-body --silent --show-error --request ${operation.method} \\`,
    operation.secured && `  --header "Authorization: Bearer $RECOVERYCONNECT_TOKEN" \\`,
    `  --header 'Accept: application/json' \\`,
    body !== undefined && `  --header 'Content-Type: application/json' \\`,
    ...Object.entries(headers).map(([name, value]) => `  --header '${name}: ${value}' \\`),
    body !== undefined &&
      `  --data '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''").replaceAll('\n', '\n  ')}' \\`,
    `  "$server${filledPath(operation, ids)}"`,
  ])
}

function typescript(operation: Operation, { ids, body, headers }: Call = exampleCall(operation)): string {
  const { resource, method } = methodOf(operation)
  const names = Object.entries(ids).map(([name, value]) => `${name}: ${typescriptValue(value)}`)
  const args = [
    names.length > 0 && `{ ${names.join(', ')} }`,
    body !== undefined && typescriptObject(body),
    headers && `{ headers: ${JSON.stringify(headers)} }`,
  ]
  return joined([
    `import { createClient } from '@recoveryconnect/client'`,
    '',
    `const { RECOVERYCONNECT_TOKEN: token = '', RECOVERYCONNECT_URL: baseUrl } = process.env`,
    `const rc = createClient({ token, baseUrl })`,
    '',
    `const answer = await rc.${resource}.${method}(${args.filter(Boolean).join(', ')})`,
    `console.log(answer)`,
  ])
}

function python(operation: Operation, { ids, body }: Call = exampleCall(operation)): string {
  return joined([
    'import json',
    'import os',
    'import urllib.request',
    '',
    `server = os.environ.get("RECOVERYCONNECT_URL", "${server}")`,
    'request = urllib.request.Request(',
    `    server + "${filledPath(operation, ids)}",`,
    `    method="${operation.method}",`,
    '    headers={',
    operation.secured && `        "Authorization": "Bearer " + os.environ["RECOVERYCONNECT_TOKEN"],`,
    `        "Accept": "application/json",`,
    body !== undefined && `        "Content-Type": "application/json",`,
    '    },',
    body !== undefined && `    data=json.dumps(${pythonObject(body)}).encode(),`,
    ')',
    '',
    '',
    'class NoRedirect(urllib.request.HTTPRedirectHandler):',
    '    def redirect_request(self, *_):',
    '        return None  # It would take the token along.',
    '',
    '',
    'with urllib.request.build_opener(NoRedirect).open(request, timeout=10) as response:',
    '    print(json.load(response))',
  ])
}

function java(operation: Operation, { ids, body }: Call = exampleCall(operation)): string {
  const publisher = body !== undefined ? `BodyPublishers.ofString(body)` : 'BodyPublishers.noBody()'
  return joined([
    'import java.net.URI;',
    'import java.net.http.HttpClient;',
    'import java.net.http.HttpRequest;',
    'import java.net.http.HttpRequest.BodyPublishers;',
    'import java.net.http.HttpResponse.BodyHandlers;',
    'import java.time.Duration;',
    '',
    `class ${className(operation.id)} {`,
    '    public static void main(String[] args) throws Exception {',
    `        var server = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "${server}");`,
    body !== undefined && `        var body = """\n            ${JSON.stringify(body)}""";`,
    '        var request = HttpRequest.newBuilder()',
    `            .uri(URI.create(server + "${filledPath(operation, ids)}"))`,
    '            .timeout(Duration.ofSeconds(10))',
    operation.secured &&
      `            .header("Authorization", "Bearer " + System.getenv("RECOVERYCONNECT_TOKEN"))`,
    `            .header("Accept", "application/json")`,
    body !== undefined && `            .header("Content-Type", "application/json")`,
    `            .method("${operation.method}", ${publisher})`,
    '            .build();',
    '        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());',
    '        System.out.println(response.body());',
    '        if (response.statusCode() / 100 != 2) System.exit(1);',
    '    }',
    '}',
  ])
}

function joined(lines: (string | false | undefined)[]): string {
  return `${lines.filter((line) => line !== false && line !== undefined).join('\n')}\n`
}

function filledPath({ path }: Operation, ids: Call['ids']): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(ids[name])))
}

function className(id: string): string {
  return id.charAt(0).toUpperCase() + id.slice(1)
}

function typescriptObject(value: unknown): string {
  const entries = Object.entries(value ?? {}).map(([name, item]) => `  ${name}: ${typescriptValue(item)},\n`)
  return `{\n${entries.join('')}}`
}

function typescriptValue(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll(/['\\]/g, '\\$&')}'` : JSON.stringify(value)
}

function pythonObject(value: unknown): string {
  const entries = Object.entries(value ?? {}).map(
    ([name, item]) => `        "${name}": ${pythonValue(item)},\n`,
  )
  return `{\n${entries.join('')}    }`
}

function pythonValue(value: unknown): string {
  return { null: 'None', true: 'True', false: 'False' }[String(value)] ?? JSON.stringify(value)
}
