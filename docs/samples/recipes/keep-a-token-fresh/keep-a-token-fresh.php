<?php
// Counts the phones of each borrower of an order. Logs in once, and again when the token expires.

$borrowers = '/api/v140/orders/57062885/borrowers';
foreach (get($borrowers)['data'] as ['id' => $id])
    echo "$id: ", count(get("$borrowers/$id/phones")['data']), " phones\n";

function get(string $path): array
{
    [$status, $text] = send('GET', $path, ['Authorization: Bearer ' . token()]);
    if ($status === 401) [$status, $text] = send('GET', $path, ['Authorization: Bearer ' . token(isRejected: true)]);
    return read($status, $text);
}

/** Returns the token. A website keeps it in a cache that its processes share, so that they log in once for all. */
function token(bool $isRejected = false): string
{
    static $token, $renewAt = 0;
    if (!$isRejected && time() < $renewAt) return $token;
    // The local sandbox accepts every account.
    $account = [
        'username' => getenv('RECOVERYCONNECT_USERNAME') ?: 'example-user',
        'password' => getenv('RECOVERYCONNECT_PASSWORD') ?: 'example-password',
    ];
    // Ends the program if the login fails. Logging in again with a wrong password might lock the account.
    $login = read(...send('POST', '/api/v140/auth', ['Content-Type: application/json'], json_encode($account)));
    // A minute before the token expires, but not before half of its time
    $renewAt = time() + max($login['expires_in'] - 60, $login['expires_in'] / 2);
    return $token = $login['access_token'];
}

function send(string $method, string $path, array $headers, ?string $body = null): array
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    $url = getenv('RECOVERYCONNECT_URL') ?: 'http://127.0.0.1:4020';
    $curl = curl_init($url . $path);
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => ['Accept: application/json', ...$headers],
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
    ]);
    $text = curl_exec($curl);
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $text === false ? curl_error($curl) : $text];
}

function read(int $status, string $text): array
{
    $data = json_decode($text, true);
    if ($status === 200 && is_array($data)) return $data;
    fwrite(STDERR, "$text\n");
    exit(1);
}
