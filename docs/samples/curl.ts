import type { Operation } from '@recoveryconnect/spec/model'
import { type Call, fillPath, formatJson, joinLines, listHeaders, productionNote, sandbox } from './call.ts'

export function renderCurl(operation: Operation, call: Call): string {
  return joinLines([
    `# ${productionNote}`,
    `url=\${RECOVERYCONNECT_URL:-${sandbox}}`,
    operation.needsToken && `token=\${RECOVERYCONNECT_TOKEN:-demo}`,
    '',
    `curl --fail-with-body --silent --show-error --max-time 10 --request ${operation.method} \\`,
    operation.needsToken && `  --header "Authorization: Bearer $token" \\`,
    ...listHeaders(call).map(([name, value]) => `  --header ${quote(`${name}: ${value}`)} \\`),
    call.body !== undefined && `  --data ${quote(formatJson(call.body, '  '))} \\`,
    `  "$url${fillPath(operation, call.ids)}"`,
  ])
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
