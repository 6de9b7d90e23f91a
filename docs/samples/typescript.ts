import type { Operation } from '@recoveryconnect/spec/model'
import { type Call, joinLines, productionNote, sandbox } from './call.ts'

export function renderTypeScript(operation: Operation, { ids, body, headers }: Call): string {
  const args = [ids, body, headers && { headers }]
    .filter((arg) => arg !== undefined && (arg !== ids || Object.keys(ids).length > 0))
    .map((arg) => format(arg))
  const oneLine = args.join(', ')
  const call = oneLine.length < 70 ? oneLine : `\n${args.map((arg) => `    ${indent(arg)},\n`).join('')}  `
  return joinLines([
    `import { createClient } from '@recoveryconnect/client'`,
    '',
    'const rc = createClient({',
    `  // ${productionNote}`,
    `  baseUrl: process.env.RECOVERYCONNECT_URL ?? '${sandbox}',`,
    operation.needsToken ? `  token: process.env.RECOVERYCONNECT_TOKEN ?? 'demo',` : `  token: 'unused',`,
    '})',
    '',
    `const result = await rc.${operation.resource}`,
    `  .${operation.name}(${call})`,
    '  .result()',
    'if (!result.ok) {',
    `  console.error(result.error.message, result.error.body ?? '')`,
    '  process.exit(1)',
    '}',
    'console.log(result.data)',
  ])
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n    ')
}

/** Formats an object on one line if it's short. */
function format(value: unknown): string {
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
  if (Array.isArray(value)) return `[${value.map(format).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).map(([name, item]) => `${quoteName(name)}: ${format(item)}`)
  if (fields.length === 0) return '{}'
  const oneLine = `{ ${fields.join(', ')} }`
  return oneLine.length < 80 ? oneLine : `{\n${fields.map((field) => `  ${field},\n`).join('')}}`
}

function quoteName(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? name : JSON.stringify(name)
}
