import { type Credential, joinLines, type Sample, sandbox, sayValidity } from './call.ts'

export function renderPython({ operation, call, isLogin, credentials, note }: Sample): string {
  const { needsToken } = operation
  const { ids, headers } = call
  const args = [
    ...Object.entries(ids).map(([name, value]) => `${name}=${format(value)}`),
    ...formatBody(call.body, credentials),
  ]
  const method = `client.${snake(operation.resource)}.${snake(operation.name)}`
  const oneLine = `${method}(${args.join(', ')})`
  const expression =
    oneLine.length < 80
      ? oneLine
      : `${method}(\n${args.map((arg) => `            ${arg},\n`).join('')}        )`
  const token = needsToken ? `os.environ.get("RECOVERYCONNECT_TOKEN", "demo")` : '"unused"'
  return joinLines([
    'import os',
    'import sys',
    '',
    'from recoveryconnect import Client, RecoveryConnectError',
    '',
    `# ${note}`,
    `url = os.environ.get("RECOVERYCONNECT_URL", "${sandbox}")`,
    `token = ${token}`,
    '',
    `with Client(base_url=url, token=token${headers ? `, headers=${format(headers)}` : ''}) as client:`,
    '    try:',
    `        response = ${expression}`,
    '    except RecoveryConnectError as error:',
    isLogin ? '        sys.exit(str(error))' : `        sys.exit(f"{error}\\n{error.body or ''}")`,
    isLogin ? `print(f"${sayValidity("{response['expires_in']}")}")` : 'print(response)',
  ])
}

/** The client takes the fields of a body as keyword arguments. */
function formatBody(body: unknown, credentials: Credential[]): string[] {
  if (body === undefined) return []
  if (credentials.length > 0)
    return credentials.map(
      ({ name, variable, value }) => `${name}=os.environ.get("${variable}", ${format(value)})`,
    )
  const fields = Object.entries(Object(body))
  const isKeywords = !Array.isArray(body) && fields.every(([name]) => /^[a-z_]\w*$/i.test(name))
  return isKeywords ? fields.map(([name, value]) => `${name}=${format(value)}`) : [`**${format(body)}`]
}

function format(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(format).join(', ')}]`
  if (typeof value !== 'object' || value === null)
    return { null: 'None', true: 'True', false: 'False' }[String(value)] ?? JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}: ${format(item)}`)
    .join(', ')}}`
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
