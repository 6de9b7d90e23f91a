import { type Credential, joinLines, type Sample, sandbox, sayValidity } from './call.ts'

export function renderPhp({ operation, call, path, headers, isLogin, credentials, note }: Sample): string {
  const { needsToken, method } = operation
  return joinLines([
    '<?php',
    `// ${note}`,
    `$url = ${readVariable('RECOVERYCONNECT_URL', sandbox)};`,
    needsToken && `$token = ${readVariable('RECOVERYCONNECT_TOKEN', 'demo')};`,
    '',
    `$curl = curl_init($url . '${path}');`,
    'curl_setopt_array($curl, [',
    `    CURLOPT_CUSTOMREQUEST => '${method}',`,
    '    CURLOPT_HTTPHEADER => [',
    needsToken && `        "Authorization: Bearer $token",`,
    ...headers.map(([name, value]) => `        ${quote(`${name}: ${value}`)},`),
    '    ],',
    call.body !== undefined &&
      `    CURLOPT_POSTFIELDS => json_encode(${formatBody(call.body, credentials)}, JSON_THROW_ON_ERROR),`,
    '    CURLOPT_RETURNTRANSFER => true,',
    '    CURLOPT_TIMEOUT => 10,',
    ']);',
    '$body = curl_exec($curl);',
    '$status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);',
    'if ($body === false || $status >= 300) {',
    `    fwrite(STDERR, $body === false ? 'No response: ' . curl_error($curl) . "\\n" : ${failure(isLogin)});`,
    '    exit(1);',
    '}',
    ...(isLogin
      ? [
          '$login = json_decode($body, flags: JSON_THROW_ON_ERROR);',
          `echo "${sayValidity('$login->expires_in')}\\n";`,
        ]
      : [`echo $body, "\\n";`]),
  ])
}

function readVariable(name: string, value: string): string {
  return `getenv('${name}') ?: ${quote(value)}`
}

/** The response of a login contains secrets. */
function failure(isLogin: boolean): string {
  return isLogin
    ? `"The API returned the status $status.\\n"`
    : `"The API returned the status $status.\\n$body\\n"`
}

function formatBody(body: unknown, credentials: Credential[]): string {
  const fields =
    credentials.length > 0
      ? credentials.map(({ name, variable, value }) => [name, readVariable(variable, value)])
      : Object.entries(Object(body)).map(([name, value]) => [name, format(value)])
  if (Array.isArray(body) || typeof body !== 'object' || fields.length === 0) return format(body)
  return `[\n${fields.map(([name = '', code]) => `        ${quote(name)} => ${code},\n`).join('')}    ]`
}

function format(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[${value.map(format).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).map(([name, item]) => `${quote(name)} => ${format(item)}`)
  // PHP encodes an empty array as a list.
  return fields.length ? `[${fields.join(', ')}]` : 'new stdClass()'
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`
}
