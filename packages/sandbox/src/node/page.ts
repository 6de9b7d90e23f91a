/** The page at `/`: what the sandbox is, one world, and the last requests as they come in. */
import { createHash } from 'node:crypto'
import type { HttpResponse } from '@recoveryconnect/http/message'
import { contractVersion, exampleIds, operations } from '../core/contract.gen.ts'
import type { ContractOperation } from '../core/operation.ts'
import { collections } from '../resources/resources.gen.ts'

/** The columns of each collection: id, writable fields and last change, or all fields if none is writable. */
const tables = collections.flatMap(({ name, idKey, fields }) => {
  const own = operations.filter(({ collections }) => collections.at(-1) === name)
  const [first] = own
  if (!first) return []
  const writable = own.find(({ method }) => method === 'POST')?.body?.fields
  const others = writable ? [...writable, 'updated_at'] : fields.filter((field) => field !== 'id')
  const path = first.collections.map((list) => [list, collections.find((one) => one.name === list)?.idKey])
  const read = own.find(({ method }) => method === 'GET')
  return { name, path, columns: [idKey, ...others], call: read && examplePath(read) }
})

function examplePath({ id, path }: ContractOperation): string {
  const ids: readonly number[] = exampleIds[id]
  let index = 0
  return path.replaceAll(/\{[^{}]+\}/g, () => String(ids[index++]))
}

const script = `
const tables = ${JSON.stringify(tables)}
const base = location.pathname.replace(/\\/$/, '')
const token = document.querySelector('#token')
const state = document.querySelector('#state')
let current = token.value
let last = 0

/** On change, not on input, because every half-typed token would open a world. */
function chooseToken() {
  current = token.value
  for (const { name, call } of tables)
    document.getElementById('call-' + name).textContent =
      call && 'curl ' + location.origin + base + call + ' -H "Authorization: Bearer ' + current + '"'
}
token.addEventListener('change', chooseToken)
chooseToken()

async function get(path) {
  const response = await fetch(base + '/__sandbox/' + path, { headers: { Authorization: 'Bearer ' + current } })
  const body = await response.json()
  if (!response.ok) throw new Error(body.message)
  return body
}

function row(...cells) {
  const tr = document.createElement('tr')
  for (const cell of cells)
    tr.insertCell().textContent = typeof cell === 'object' && cell ? JSON.stringify(cell) : cell ?? ''
  return tr
}

function rows(item, [[list, id], ...inside], ids, columns) {
  return item[list].flatMap((record) => inside.length > 0
    ? rows(record, inside, [...ids, record[id]], columns)
    : [row(...ids, ...columns.map((column) => record[column]))])
}

async function refresh() {
  try {
    const [world, log] = await Promise.all([get('world'), get('log?after=' + last)])
    for (const { name, path, columns } of tables)
      document.getElementById('records-' + name).replaceChildren(...rows(world, path, [], columns))
    const requests = document.querySelector('#requests')
    for (const entry of log.requests) {
      last = entry.number
      requests.prepend(row(entry.at.slice(11, 19), entry.method, entry.path, entry.status, entry.problems.join(' ')))
    }
    while (requests.rows.length > 50) requests.deleteRow(-1)
    state.textContent = 'Up to date'
  } catch (error) {
    state.textContent = error.message
  }
  setTimeout(refresh, document.hidden ? 5000 : 1000)
}
refresh()
`

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.9em; }
.wide { overflow-x: auto; }
.wide td { white-space: nowrap; }
th, td { text-align: left; padding: 0.2rem 0.6rem; border-bottom: 1px solid #8884; vertical-align: top; }
code, input { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
`

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>RecoveryConnect sandbox</title>
<style>${style}</style>
<h1>RecoveryConnect sandbox</h1>
<p>This server behaves like the API in the vendor's documentation, and remembers what you create. It never calls or texts anyone.
Contract ${contractVersion}. Every bearer token opens its own world, which starts with the documented borrowers. To try it, run one of the commands below.</p>
<p><label>Show the world of the token <input id="token" value="demo" autocomplete="off" spellcheck="false"></label>
<span id="state" role="status"></span></p>
${tables.map(renderTable).join('')}<h2>Last requests</h2>
<table><thead><tr><th>UTC<th>method<th>path<th>status<th>problems</thead><tbody id="requests"></tbody></table>
<script>${script}</script>
</html>
`

export const page: HttpResponse = {
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; connect-src 'self'; script-src ${digest(script)}; style-src ${digest(style)}; frame-ancestors 'none'`,
    'cross-origin-resource-policy': 'same-origin',
  },
  body: html,
}

function renderTable({ name, path, columns }: (typeof tables)[number]): string {
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ')
  const heads = [...path.slice(0, -1).map(([, id]) => id), ...columns]
  return `<h2>${title} in this world</h2>
<p><code id="call-${name}"></code></p>
<div class="wide" tabindex="0"><table><thead><tr>${heads.map((head) => `<th>${head}`).join('')}</thead>
<tbody id="records-${name}"></tbody></table></div>
`
}

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
