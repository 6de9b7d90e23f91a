/**
 * Renders one call for each operation in four languages, with the ids and the body of the contract's examples.
 *
 * Each sample is a whole program. It reads the server from `RECOVERYCONNECT_URL` and the token from
 * `RECOVERYCONNECT_TOKEN`, prints the response, doesn't follow redirects, and fails if the status isn't a success. The
 * tests run every sample.
 */
import { type Operation, readModel } from '@recoveryconnect/spec/model'

export interface Call {
  ids: Record<string, unknown>
  body?: unknown
  headers?: Record<string, string>
}

export interface Language {
  /** The name of the folder with its samples, also used in the placeholders of guides. */
  id: string
  label: string
  grammar: string
  nameFile: (operation: Operation) => string
  render: (operation: Operation, call: Call) => string
}

/** The server that samples use by default: production. */
export const server = readModel().servers[0]?.url ?? ''

export const languages: Language[] = [
  { id: 'curl', label: 'curl', grammar: 'shell', nameFile: ({ id }) => `${id}.sh`, render: renderCurl },
  {
    id: 'typescript',
    label: 'TypeScript',
    grammar: 'typescript',
    nameFile: ({ id }) => `${id}.ts`,
    render: renderTypeScript,
  },
  {
    id: 'python',
    label: 'Python',
    grammar: 'python',
    nameFile: ({ id }) => `${id}.py`,
    render: renderPython,
  },
  {
    id: 'java',
    label: 'Java',
    grammar: 'java',
    nameFile: ({ id }) => `${nameClass(id)}.java`,
    render: renderJava,
  },
]

export function exampleCall({ parameters, body }: Operation): Call {
  return {
    ids: Object.fromEntries(parameters.map(({ name, example }) => [name, example])),
    body: body?.examples[0]?.value,
  }
}

function renderCurl(operation: Operation, { ids, body, headers = {} }: Call): string {
  return join([
    `server=\${RECOVERYCONNECT_URL:-${server}}`,
    `curl --fail-with-body --silent --show-error --request ${operation.method} \\`,
    operation.needsToken && `  --header "Authorization: Bearer $RECOVERYCONNECT_TOKEN" \\`,
    `  --header 'Accept: application/json' \\`,
    body !== undefined && `  --header 'Content-Type: application/json' \\`,
    ...Object.entries(headers).map(([name, value]) => `  --header '${name}: ${value}' \\`),
    body !== undefined &&
      `  --data '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''").replaceAll('\n', '\n  ')}' \\`,
    `  "$server${fillPath(operation, ids)}"`,
  ])
}

function renderTypeScript(operation: Operation, { ids, body, headers }: Call): string {
  const names = Object.entries(ids).map(([name, value]) => `${name}: ${formatTypeScriptValue(value)}`)
  const args = [
    names.length > 0 && `{ ${names.join(', ')} }`,
    body !== undefined && formatTypeScriptObject(body),
    headers && `{ headers: ${JSON.stringify(headers)} }`,
  ]
  return join([
    `import { createClient } from '@recoveryconnect/client'`,
    '',
    `const { RECOVERYCONNECT_TOKEN: token = '', RECOVERYCONNECT_URL: baseUrl } = process.env`,
    `const rc = createClient({ token, baseUrl })`,
    '',
    `const response = await rc.${operation.resource}.${operation.name}(${args.filter(Boolean).join(', ')})`,
    `console.log(response)`,
  ])
}

function renderPython(operation: Operation, { ids, body }: Call): string {
  return join([
    'import json',
    'import os',
    'import urllib.request',
    '',
    `server = os.environ.get("RECOVERYCONNECT_URL", "${server}")`,
    'request = urllib.request.Request(',
    `    server + "${fillPath(operation, ids)}",`,
    `    method="${operation.method}",`,
    '    headers={',
    operation.needsToken && `        "Authorization": "Bearer " + os.environ["RECOVERYCONNECT_TOKEN"],`,
    `        "Accept": "application/json",`,
    body !== undefined && `        "Content-Type": "application/json",`,
    '    },',
    body !== undefined && `    data=json.dumps(${formatPythonObject(body)}).encode(),`,
    ')',
    '',
    '',
    'class NoRedirect(urllib.request.HTTPRedirectHandler):',
    '    def redirect_request(self, *_):',
    '        return None  # A redirect would forward the token.',
    '',
    '',
    'with urllib.request.build_opener(NoRedirect).open(request, timeout=10) as response:',
    '    print(json.load(response))',
  ])
}

function renderJava(operation: Operation, { ids, body }: Call): string {
  const publisher = body !== undefined ? `BodyPublishers.ofString(body)` : 'BodyPublishers.noBody()'
  return join([
    'import java.net.URI;',
    'import java.net.http.HttpClient;',
    'import java.net.http.HttpRequest;',
    'import java.net.http.HttpRequest.BodyPublishers;',
    'import java.net.http.HttpResponse.BodyHandlers;',
    'import java.time.Duration;',
    '',
    `class ${nameClass(operation.id)} {`,
    '    public static void main(String[] args) throws Exception {',
    `        var server = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "${server}");`,
    body !== undefined && `        var body = """\n            ${JSON.stringify(body)}""";`,
    '        var request = HttpRequest.newBuilder()',
    `            .uri(URI.create(server + "${fillPath(operation, ids)}"))`,
    '            .timeout(Duration.ofSeconds(10))',
    operation.needsToken &&
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

function join(lines: (string | false | undefined)[]): string {
  return `${lines.filter((line) => line !== false && line !== undefined).join('\n')}\n`
}

export function fillPath({ path }: Operation, ids: Call['ids']): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(ids[name])))
}

function nameClass(id: string): string {
  return id.charAt(0).toUpperCase() + id.slice(1)
}

function formatTypeScriptObject(value: unknown): string {
  const entries = Object.entries(value ?? {}).map(
    ([name, item]) => `  ${name}: ${formatTypeScriptValue(item)},\n`,
  )
  return `{\n${entries.join('')}}`
}

function formatTypeScriptValue(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll(/['\\]/g, '\\$&')}'` : JSON.stringify(value)
}

function formatPythonObject(value: unknown): string {
  const entries = Object.entries(value ?? {}).map(
    ([name, item]) => `        "${name}": ${formatPythonValue(item)},\n`,
  )
  return `{\n${entries.join('')}    }`
}

function formatPythonValue(value: unknown): string {
  return { null: 'None', true: 'True', false: 'False' }[String(value)] ?? JSON.stringify(value)
}
