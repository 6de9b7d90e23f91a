import {
  type Credential,
  formatJson,
  joinLines,
  nameClass,
  type Sample,
  sandbox,
  sayValidity,
} from './call.ts'

/** The program is in C# 6, so that Mono's compiler accepts it. */
export function renderCSharp({ operation, call, path, headers, isLogin, credentials, note }: Sample): string {
  const { needsToken, method } = operation
  const hasBody = call.body !== undefined
  return joinLines([
    isLogin && '// Needs Newtonsoft.Json: dotnet add package Newtonsoft.Json',
    'using System;',
    'using System.Net.Http;',
    hasBody && 'using System.Text;',
    'using System.Threading.Tasks;',
    isLogin && 'using Newtonsoft.Json.Linq;',
    '',
    `class ${nameClass(operation)}`,
    '{',
    '    static int Main()',
    '    {',
    '        return Run().GetAwaiter().GetResult();',
    '    }',
    '',
    '    static async Task<int> Run()',
    '    {',
    `        // ${note}`,
    `        var url = ${readVariable('RECOVERYCONNECT_URL', sandbox)};`,
    needsToken && `        var token = ${readVariable('RECOVERYCONNECT_TOKEN', 'demo')};`,
    '        // A redirect could take the request to another host.',
    '        var handler = new HttpClientHandler { AllowAutoRedirect = false };',
    '        var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };',
    '',
    `        var path = "${path}";`,
    `        var request = new HttpRequestMessage(HttpMethod.${method.charAt(0)}${method.slice(1).toLowerCase()}, url + path);`,
    needsToken && `        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);`,
    ...headers
      .filter(([name]) => name !== 'Content-Type')
      .map((pair) => `        request.Headers.Add(${pair.map((text) => JSON.stringify(text)).join(', ')});`),
    ...formatBody(call.body, credentials),
    hasBody && `        request.Content = new StringContent(body, Encoding.UTF8, "application/json");`,
    '        try',
    '        {',
    '            var response = await client.SendAsync(request);',
    '            var text = await response.Content.ReadAsStringAsync();',
    '            if (response.IsSuccessStatusCode)',
    '            {',
    `                Console.WriteLine(${isLogin ? formatValidity : 'text'});`,
    '                return 0;',
    '            }',
    isLogin ? `            ${failure}.");` : `            ${failure}.\\n" + text);`,
    '        }',
    '        catch (Exception error) when (error is HttpRequestException || error is TaskCanceledException)',
    '        {',
    '            Console.Error.WriteLine("No response: " + error.Message);',
    '        }',
    '        return 1;',
    '    }',
    '}',
  ])
}

const failure = 'Console.Error.WriteLine("The API returned the status " + (int)response.StatusCode + "'
const formatValidity = `"${sayValidity('" + JObject.Parse(text)["expires_in"] + "')}"`

function readVariable(name: string, value: string): string {
  return `Environment.GetEnvironmentVariable("${name}") ?? ${JSON.stringify(value)}`
}

function formatBody(body: unknown, credentials: Credential[]): string[] {
  if (body === undefined) return []
  if (credentials.length === 0) return [`        var body = @"${formatJson(body).replaceAll('"', '""')}";`]
  return [
    '        var body = new JObject',
    '        {',
    ...credentials.map(
      ({ name, variable, value }) => `            { "${name}", ${readVariable(variable, value)} },`,
    ),
    '        }.ToString();',
  ]
}
