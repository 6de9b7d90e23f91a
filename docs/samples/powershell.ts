import { type Credential, formatJson, joinLines, type Sample, sandbox, sayValidity } from './call.ts'

/** The program runs in Windows PowerShell 5.1, too, which has no `??` and sends text without a charset as Latin-1. */
export function renderPowerShell({
  operation,
  call,
  path,
  headers,
  isLogin,
  credentials,
  note,
}: Sample): string {
  const { needsToken, method } = operation
  return joinLines([
    `$ErrorActionPreference = 'Stop'`,
    `# ${note}`,
    `$url = ${readVariable('RECOVERYCONNECT_URL', sandbox)}`,
    needsToken && `$token = ${readVariable('RECOVERYCONNECT_TOKEN', 'demo')}`,
    ...formatAccount(credentials),
    '',
    '$request = @{',
    `    Method = '${method.charAt(0)}${method.slice(1).toLowerCase()}'`,
    `    Uri = "$url${path}"`,
    '    Headers = @{',
    needsToken && `        Authorization = "Bearer $token"`,
    ...headers
      .filter(([name]) => name !== 'Content-Type')
      .map(([name, value]) => `        ${/^\w+$/.test(name) ? name : quote(name)} = ${quote(value)}`),
    '    }',
    call.body !== undefined && `    ContentType = 'application/json; charset=utf-8'`,
    call.body !== undefined &&
      `    Body = ${credentials.length > 0 ? 'ConvertTo-Json $account' : quote(formatJson(call.body, '    '))}`,
    '    MaximumRedirection = 0',
    '    TimeoutSec = 10',
    '}',
    'try {',
    '    $response = Invoke-RestMethod @request',
    '} catch {',
    // PowerShell 7 would print the body, and not the status.
    `    throw ${isLogin ? '$_.Exception.Message' : '"$($_.Exception.Message) $($_.ErrorDetails)"'}`,
    '}',
    isLogin ? `"${sayValidity('$($response.expires_in)')}"` : '$response | ConvertTo-Json -Depth 10',
  ])
}

function readVariable(name: string, value: string): string {
  return `if ($env:${name}) { $env:${name} } else { ${quote(value)} }`
}

function formatAccount(credentials: Credential[]): string[] {
  if (credentials.length === 0) return []
  const fields = credentials.map(
    ({ name, variable, value }) => `    ${name} = ${readVariable(variable, value)}`,
  )
  return ['$account = @{', ...fields, '}']
}

/** PowerShell also ends a string at a typographic quote. */
function quote(text: string): string {
  return `'${text.replaceAll(/['‘’‚‛]/g, '$&$&')}'`
}
