import {
  type Credential,
  formatJson,
  joinLines,
  nameClass,
  type Sample,
  sandbox,
  sayValidity,
} from './call.ts'

export function renderJava({ operation, call, path, headers, isLogin, credentials, note }: Sample): string {
  const { needsToken, method } = operation
  // Newer versions of Java send a Content-Length with `method("GET", noBody())`, but not with `GET()`.
  const setMethod =
    call.body !== undefined
      ? `method("${method}", BodyPublishers.ofString(body))`
      : /^(GET|DELETE)$/.test(method)
        ? `${method}()`
        : `method("${method}", BodyPublishers.noBody())`
  return joinLines([
    isLogin && `// Needs Gson: java -cp gson.jar ${nameClass(operation)}.java`,
    credentials.length > 0 && 'import com.google.gson.Gson;',
    isLogin && 'import com.google.gson.JsonParser;',
    'import java.net.URI;',
    'import java.net.http.HttpClient;',
    'import java.net.http.HttpRequest;',
    setMethod.includes('BodyPublishers') && 'import java.net.http.HttpRequest.BodyPublishers;',
    'import java.net.http.HttpResponse.BodyHandlers;',
    credentials.length > 0 && 'import java.util.Map;',
    'import java.util.concurrent.ExecutionException;',
    'import java.util.concurrent.TimeUnit;',
    'import java.util.concurrent.TimeoutException;',
    '',
    `class ${nameClass(operation)} {`,
    '    public static void main(String[] args) throws InterruptedException {',
    `        // ${note}`,
    `        var url = ${readVariable('RECOVERYCONNECT_URL', sandbox)};`,
    needsToken && `        var token = ${readVariable('RECOVERYCONNECT_TOKEN', 'demo')};`,
    '',
    ...formatBody(call.body, credentials),
    `        var path = "${path}";`,
    `        var request = HttpRequest.newBuilder(URI.create(url + path))`,
    `            .${setMethod}`,
    needsToken && `            .header("Authorization", "Bearer " + token)`,
    ...headers.map((pair) => `            .header(${pair.map((text) => JSON.stringify(text)).join(', ')})`),
    '            .build();',
    '        try {',
    '            // The timeout of a request would end with the headers. This one includes the body.',
    '            var response = HttpClient.newHttpClient()',
    '                .sendAsync(request, BodyHandlers.ofString()).get(10, TimeUnit.SECONDS);',
    '            if (response.statusCode() < 300) {',
    ...printSuccess(isLogin),
    '                return;',
    '            }',
    isLogin ? `            ${failure}.");` : `            ${failure}.\\n" + response.body());`,
    '        } catch (ExecutionException | TimeoutException error) {',
    '            System.err.println("No response: " + error);',
    '        }',
    '        System.exit(1);',
    '    }',
    '}',
  ])
}

const failure = 'System.err.println("The API returned the status " + response.statusCode() + "'

function readVariable(name: string, value: string): string {
  return `System.getenv().getOrDefault("${name}", ${JSON.stringify(value)})`
}

function formatBody(body: unknown, credentials: Credential[]): string[] {
  if (body === undefined) return []
  if (credentials.length === 0)
    return [
      `        var body = """\n            ${formatJson(body, '            ').replaceAll('\\', '\\\\')}""";`,
    ]
  const pairs = credentials.map(
    ({ name, variable, value }) => `            "${name}", ${readVariable(variable, value)}`,
  )
  return ['        var body = new Gson().toJson(Map.of(', `${pairs.join(',\n')}));`]
}

function printSuccess(isLogin: boolean): string[] {
  if (!isLogin) return ['                System.out.println(response.body());']
  return [
    '                var login = JsonParser.parseString(response.body()).getAsJsonObject();',
    `                System.out.println("${sayValidity('" + login.get("expires_in") + "')}");`,
  ]
}
