# The page "Downloads" says how to install recoveryconnect-verify in this folder.
# Reads only. To check a server made for tests completely, add --write --disposable.
# For another server, set RECOVERYCONNECT_URL and RECOVERYCONNECT_TOKEN, and replace the ids.
if (-not $env:RECOVERYCONNECT_TOKEN) { $env:RECOVERYCONNECT_TOKEN = 'demo' }
$url = if ($env:RECOVERYCONNECT_URL) { $env:RECOVERYCONNECT_URL } else { 'http://127.0.0.1:4020' }
npx --no-install recoveryconnect-verify --url $url --order 57062885 --borrower 124927241
