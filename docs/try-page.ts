/** The page where every operation runs in the reader's browser: its frame. What it does stands in `try/`. */
import { type Operation, operations } from './contract.ts'
import { escaped, type Page } from './page.ts'

export function tryPage(): Page {
  return {
    file: 'try.html',
    layout: 'try',
    title: 'Try the API in your browser',
    description: 'Run every operation without a token and without a server.',
    script: 'try.js',
    style: 'try.css',
    body: `
<h1>Try it</h1>
<p class="lead">The sandbox and the TypeScript client run inside this page. It remembers what you create until you reload,
and sends nothing anywhere, unless you choose the shared sandbox.</p>
<form id="place" autocomplete="off">
<fieldset><legend>Sandbox</legend>
<label><input type="radio" name="where" value="page" checked> in this page</label>
<label><input type="radio" name="where" value="shared"> shared, on this site, in the world of the token</label>
<input id="token" name="token" aria-label="Token of the shared world" spellcheck="false" disabled>
</fieldset>
<p>Whoever has the token sees the same world. No data of real borrowers belongs in a sandbox.</p>
<p id="place-problem" class="problem" role="alert" hidden></p>
</form>
<noscript><p class="problem">This page needs JavaScript: the sandbox runs in it.
<a href="reference.html">The plain reference</a> does not.</p></noscript>
<div class="bench">
<form id="call" autocomplete="off">
<fieldset><legend>Operation</legend>${operations.map(operationChoice).join('')}</fieldset>
<div id="ids"></div>
<div id="body-part">
<label for="example">Body: example</label><select id="example"></select>
<label for="body">Body</label><textarea id="body" rows="9" spellcheck="false" aria-describedby="body-problem"></textarea>
<p id="body-problem" class="problem" hidden></p>
</div>
<label for="outcome">What it answers</label><select id="outcome"></select>
<p class="actions"><button class="primary" type="submit">Run</button><button id="reset" type="button">Reset the world</button></p>
</form>
<div class="results">
<section aria-labelledby="request-title">
<h2 id="request-title">Request</h2>
<div class="choice" role="group" aria-label="Language of the request"><button type="button" data-language="curl" aria-pressed="true">curl</button><button type="button" data-language="typescript" aria-pressed="false">TypeScript</button></div>
<pre tabindex="0" aria-labelledby="request-title"><code id="request"></code></pre>
</section>
<section aria-labelledby="answer-title">
<h2 id="answer-title">Answer</h2>
<p id="status" role="status">Press Run.</p>
<pre tabindex="0" aria-labelledby="answer-title"><code id="answer"></code></pre>
</section>
</div>
</div>
<section aria-labelledby="records-title">
<h2 id="records-title">The records, as they stand</h2>
<div class="wide" tabindex="0" role="region" aria-labelledby="records-title"><table><thead><tr id="columns"></tr></thead><tbody id="records"></tbody></table></div>
</section>`,
  }
}

function operationChoice({ id, method, title }: Operation, index: number): string {
  return `<label class="operation"><input type="radio" name="operation" value="${id}"${index === 0 ? ' checked' : ''}>
<span class="method ${method.toLowerCase()}">${method}</span> ${escaped(title)}</label>`
}
