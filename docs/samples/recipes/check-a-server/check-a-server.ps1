# Reads only. To check a server made for tests completely, add --disposable.
# The local sandbox accepts every token.
if (-not $env:RECOVERYCONNECT_TOKEN) { $env:RECOVERYCONNECT_TOKEN = 'demo' }
$url = if ($env:RECOVERYCONNECT_URL) { $env:RECOVERYCONNECT_URL } else { 'http://127.0.0.1:4020' }
npx recoveryconnect-verify --url $url --order 57062885 --borrower 124927241
