import type { Operation } from '@recoveryconnect/spec/model'
import { type Call, fillPath, joinLines, listHeaders, productionNote, sandbox } from './call.ts'

export function renderPhp(operation: Operation, call: Call): string {
  return joinLines([
    '<?php',
    `// ${productionNote}`,
    `$url = getenv('RECOVERYCONNECT_URL') ?: '${sandbox}';`,
    operation.needsToken && `$token = getenv('RECOVERYCONNECT_TOKEN') ?: 'demo';`,
    '',
    `$curl = curl_init($url . '${fillPath(operation, call.ids)}');`,
    'curl_setopt_array($curl, [',
    `    CURLOPT_CUSTOMREQUEST => '${operation.method}',`,
    '    CURLOPT_HTTPHEADER => [',
    operation.needsToken && `        "Authorization: Bearer $token",`,
    ...listHeaders(call).map(([name, value]) => `        ${quote(`${name}: ${value}`)},`),
    '    ],',
    call.body !== undefined && `    CURLOPT_POSTFIELDS => json_encode(${formatBody(call.body)}),`,
    '    CURLOPT_RETURNTRANSFER => true,',
    '    CURLOPT_TIMEOUT => 10,',
    ']);',
    '$body = curl_exec($curl);',
    `echo $body === false ? curl_error($curl) : $body, "\\n";`,
    'exit($body === false || curl_getinfo($curl, CURLINFO_RESPONSE_CODE) >= 300 ? 1 : 0);',
  ])
}

function formatBody(body: unknown): string {
  const fields = Object.entries(Object(body))
  if (Array.isArray(body) || typeof body !== 'object' || fields.length === 0) return format(body)
  return `[\n${fields.map(([name, value]) => `        ${quote(name)} => ${format(value)},\n`).join('')}    ]`
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
