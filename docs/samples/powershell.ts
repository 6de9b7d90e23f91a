import type { Operation } from '@recoveryconnect/spec/model'
import { type Call, fillPath, formatJson, joinLines, listHeaders, productionNote, sandbox } from './call.ts'

/** The program runs in Windows PowerShell 5.1, too, which has no `??` and sends text without a charset as Latin-1. */
export function renderPowerShell(operation: Operation, call: Call): string {
  const headers = listHeaders(call).filter(([name]) => name !== 'Content-Type')
  const { method } = operation
  return joinLines([
    `$ErrorActionPreference = 'Stop'`,
    `# ${productionNote}`,
    `$url = if ($env:RECOVERYCONNECT_URL) { $env:RECOVERYCONNECT_URL } else { '${sandbox}' }`,
    operation.needsToken &&
      `$token = if ($env:RECOVERYCONNECT_TOKEN) { $env:RECOVERYCONNECT_TOKEN } else { 'demo' }`,
    '',
    '$request = @{',
    `    Method = '${method.charAt(0)}${method.slice(1).toLowerCase()}'`,
    `    Uri = "$url${fillPath(operation, call.ids)}"`,
    '    Headers = @{',
    operation.needsToken && `        Authorization = "Bearer $token"`,
    ...headers.map(([name, value]) => `        ${/^\w+$/.test(name) ? name : quote(name)} = ${quote(value)}`),
    '    }',
    call.body !== undefined && `    ContentType = 'application/json; charset=utf-8'`,
    call.body !== undefined && `    Body = ${quote(formatJson(call.body, '    '))}`,
    '    MaximumRedirection = 0',
    '    TimeoutSec = 10',
    '}',
    'Invoke-RestMethod @request | ConvertTo-Json -Depth 10',
  ])
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
