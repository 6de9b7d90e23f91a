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

/** The program is in C# 6, so that Mono's compiler accepts it. */
export function renderCSharp(operation: Operation, call: Call): string {
  const { needsToken, method } = operation
  const hasBody = call.body !== undefined
  const headers = listHeaders(call).filter(([name]) => name !== 'Content-Type')
  const json = hasBody && formatJson(call.body).replaceAll('"', '""')
  return joinLines([
    'using System;',
    'using System.Net.Http;',
    hasBody && 'using System.Text;',
    '',
    `class ${nameClass(operation)}`,
    '{',
    '    static int Main()',
    '    {',
    `        // ${productionNote}`,
    `        var url = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "${sandbox}";`,
    needsToken &&
      `        var token = Environment.GetEnvironmentVariable("RECOVERYCONNECT_TOKEN") ?? "demo";`,
    '        // A redirect could take the request to another host.',
    '        var handler = new HttpClientHandler { AllowAutoRedirect = false };',
    '        var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };',
    '',
    `        var path = "${fillPath(operation, call.ids)}";`,
    `        var request = new HttpRequestMessage(HttpMethod.${method.charAt(0)}${method.slice(1).toLowerCase()}, url + path);`,
    needsToken && `        request.Headers.Add("Authorization", "Bearer " + token);`,
    ...headers.map(
      (pair) => `        request.Headers.Add(${pair.map((text) => JSON.stringify(text)).join(', ')});`,
    ),
    hasBody && `        request.Content = new StringContent(@"${json}", Encoding.UTF8, "application/json");`,
    '        var response = client.SendAsync(request).Result;',
    '        Console.WriteLine(response.Content.ReadAsStringAsync().Result);',
    '        return response.IsSuccessStatusCode ? 0 : 1;',
    '    }',
    '}',
  ])
}
