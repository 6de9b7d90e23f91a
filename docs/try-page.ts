/** Renders the try page, which runs every operation in the browser. Its script is in `try/`. */
import { type Operation, readModel } from '@recoveryconnect/spec/model'
import { escapeHtml, type Page } from './page.ts'

export function tryPage(): Page {
  return {
    file: 'try.html',
    layout: 'try',
    title: 'Try the API in your browser',
    description: 'Run every operation in your browser, without a token or an account.',
    script: 'try.js',
    style: 'try.css',
    body: `
<h1>Try the API in your browser</h1>
<p class="lead">Select an operation and run it. The sandbox and the TypeScript client run in this page, which sends nothing
over the network unless you select the shared sandbox. The page keeps the records that you create until you reload it.</p>
<form id="place" autocomplete="off">
<fieldset><legend>Sandbox</legend>
<label><input type="radio" name="where" value="page" checked> In your browser</label>
<label><input type="radio" name="where" value="shared"> Shared, with this token:</label>
<input id="token" name="token" aria-label="Token for the shared sandbox" spellcheck="false" disabled>
</fieldset>
<p>In the shared sandbox, everyone who uses the same token sees the same records. Don’t enter real borrower data in a
sandbox.</p>
<p id="place-problem" class="problem" role="alert" hidden></p>
</form>
<noscript><p class="problem">This page requires JavaScript to run the sandbox.
The <a href="reference.html">plain reference</a> works without it.</p></noscript>
<div class="bench">
<form id="call" autocomplete="off">
<fieldset><legend>Operation</legend>${readModel().operations.map(renderChoice).join('')}</fieldset>
<div id="ids"></div>
<div id="body-part">
<label for="example">Example</label><select id="example"></select>
<label for="body">Body</label><textarea id="body" rows="9" spellcheck="false" aria-describedby="body-problem"></textarea>
<p id="body-problem" class="problem" hidden></p>
</div>
<label for="outcome">Outcome</label><select id="outcome"></select>
<p class="actions"><button class="primary" type="submit">Run</button><button id="reset" type="button">Reset the sandbox</button></p>
</form>
<div class="results">
<section aria-labelledby="request-title">
<h2 id="request-title">Request</h2>
<div class="choice" role="group" aria-label="Language of the request"><button type="button" data-language="curl" aria-pressed="true">curl</button><button type="button" data-language="typescript" aria-pressed="false">TypeScript</button></div>
<pre tabindex="0" aria-labelledby="request-title"><code id="request"></code></pre>
</section>
<section aria-labelledby="response-title">
<h2 id="response-title">Response</h2>
<p id="status" role="status">Select Run to send the request.</p>
<pre tabindex="0" aria-labelledby="response-title"><code id="response"></code></pre>
</section>
</div>
</div>
<section aria-labelledby="records-title">
<h2 id="records-title">Records</h2>
<div class="wide" tabindex="0" role="region" aria-labelledby="records-title"><table><thead><tr id="columns"></tr></thead><tbody id="records"></tbody></table></div>
</section>`,
  }
}

function renderChoice({ id, method, summary }: Operation, index: number): string {
  return `<label class="operation"><input type="radio" name="operation" value="${id}"${index === 0 ? ' checked' : ''}>
<span class="method ${method.toLowerCase()}">${method}</span> ${escapeHtml(summary)}</label>`
}
