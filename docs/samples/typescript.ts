import { type Credential, joinLines, type Sample, sandbox, sayValidity } from './call.ts'

export function renderTypeScript({ operation, call, isLogin, credentials, note }: Sample): string {
  const { needsToken } = operation
  const { ids, headers } = call
  const args = [
    ...(Object.keys(ids).length > 0 ? [format(ids)] : []),
    ...formatBody(call.body, credentials),
    ...(headers ? [format({ headers })] : []),
  ]
  const oneLine = args.join(', ')
  const lines = args.map((arg) => `    ${indent(arg, 4)},\n`).join('')
  const list = args.length === 1 || oneLine.length < 70 ? indent(oneLine, 2) : `\n${lines}  `
  return joinLines([
    `import { createClient } from '@recoveryconnect/client'`,
    '',
    'const rc = createClient({',
    `  // ${note}`,
    `  baseUrl: process.env.RECOVERYCONNECT_URL ?? '${sandbox}',`,
    needsToken ? `  token: process.env.RECOVERYCONNECT_TOKEN ?? 'demo',` : `  token: 'unused',`,
    '})',
    '',
    `const result = await rc.${operation.resource}`,
    `  .${operation.name}(${list})`,
    '  .result()',
    'if (!result.ok) {',
    isLogin
      ? '  console.error(result.error.message)'
      : `  console.error(result.error.message, result.error.body ?? '')`,
    '  process.exit(1)',
    '}',
    isLogin ? `console.log(\`${sayValidity(`\${result.data.expires_in}`)}\`)` : 'console.log(result.data)',
  ])
}

function formatBody(body: unknown, credentials: Credential[]): string[] {
  const fields = credentials.map(
    ({ name, variable, value }) => `  ${name}: process.env.${variable} ?? ${format(value)},\n`,
  )
  if (fields.length > 0) return [`{\n${fields.join('')}}`]
  return body === undefined ? [] : [format(body)]
}

function indent(text: string, width: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(width)}`)
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
