import type { Operation } from '@recoveryconnect/spec/model'
import {
  type Call,
  fillPath,
  formatJson,
  joinLines,
  listHeaders,
  nameClass,
  productionNote,
  sandbox,
} from './call.ts'

export function renderJava(operation: Operation, call: Call): string {
  const { needsToken, method } = operation
  const hasBody = call.body !== undefined
  const publisher = hasBody ? 'BodyPublishers.ofString(body)' : 'BodyPublishers.noBody()'
  return joinLines([
    'import java.net.URI;',
    'import java.net.http.HttpClient;',
    'import java.net.http.HttpRequest;',
    'import java.net.http.HttpRequest.BodyPublishers;',
    'import java.net.http.HttpResponse.BodyHandlers;',
    'import java.util.concurrent.TimeUnit;',
    '',
    `class ${nameClass(operation)} {`,
    '    public static void main(String[] args) throws Exception {',
    `        // ${productionNote}`,
    `        var url = System.getenv().getOrDefault("RECOVERYCONNECT_URL", "${sandbox}");`,
    needsToken && `        var token = System.getenv().getOrDefault("RECOVERYCONNECT_TOKEN", "demo");`,
    '',
    hasBody &&
      `        var body = """\n            ${formatJson(call.body, '            ').replaceAll('\\', '\\\\')}""";`,
    `        var path = "${fillPath(operation, call.ids)}";`,
    `        var request = HttpRequest.newBuilder(URI.create(url + path))`,
    `            .method("${method}", ${publisher})`,
    needsToken && `            .header("Authorization", "Bearer " + token)`,
    ...listHeaders(call).map(
      (pair) => `            .header(${pair.map((text) => JSON.stringify(text)).join(', ')})`,
    ),
    '            .build();',
    '        // The timeout of a request would end with the headers. This one includes the body.',
    '        var response = HttpClient.newHttpClient()',
    '            .sendAsync(request, BodyHandlers.ofString()).get(10, TimeUnit.SECONDS);',
    '        System.out.println(response.body());',
    '        if (response.statusCode() >= 300) System.exit(1);',
    '    }',
    '}',
  ])
}
