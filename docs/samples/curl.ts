import { type Credential, formatJson, joinLines, type Sample, sandbox, sayValidity } from './call.ts'

export function renderCurl({ operation, call, path, headers, isLogin, credentials, note }: Sample): string {
  const { needsToken, method } = operation
  const data = credentials.length > 0 ? '@-' : call.body !== undefined && quote(formatJson(call.body, '  '))
  const request = [
    // Without a limit of 0, a redirect would count as a success.
    `curl ${isLogin ? '--fail' : '--fail-with-body'} --silent --show-error --max-time 10 --request ${method} \\`,
    // A file ~/.curlrc could turn on retries.
    '  --location --max-redirs 0 --retry 0 \\',
    needsToken && `  --header "Authorization: Bearer $token" \\`,
    ...headers.map(([name, value]) => `  --header ${quote(`${name}: ${value}`)} \\`),
    data && `  --data ${data} \\`,
    `  "$url${path}"`,
  ]
  return joinLines([
    isLogin && '# Needs jq.',
    `# ${note}`,
    `url=\${RECOVERYCONNECT_URL:-${sandbox}}`,
    needsToken && `token=\${RECOVERYCONNECT_TOKEN:-demo}`,
    '',
    '# A redirect is an error, because it could take the request to another host.',
    ...(isLogin ? logIn(request, credentials) : request),
  ])
}

/** jq reads the account from the environment, and curl reads it from jq, so no list of processes shows the password. */
function logIn(request: (string | false)[], credentials: Credential[]): string[] {
  const account = credentials.map(({ name }) => `${name}: env.${name}`).join(', ')
  return [
    'login=$(',
    ...credentials.map(({ name, variable, value }) => `  ${name}=\${${variable}:-${quote(value)}} \\`),
    ...(account ? [`  jq --null-input '{${account}}' |`] : []),
    ...request.flatMap((line) => (line ? [`  ${line}`] : [])),
    `) && jq --raw-output '"${sayValidity('\\(.expires_in)')}"' <<<"$login"`,
  ]
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
