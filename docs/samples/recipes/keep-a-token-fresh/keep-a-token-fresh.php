<?php
// Counts the phones of each borrower of an order. Logs in once, and again when the token expires.

$borrowers = '/api/v140/orders/57062885/borrowers';
foreach (listRecords($borrowers) as $borrower)
    echo "$borrower->id: " . count(listRecords("$borrowers/$borrower->id/phones")) . " phones\n";

function listRecords(string $path): array
{
    [$status, $text] = send($path, ['Authorization: Bearer ' . token()]);
    if ($status === 401) [$status, $text] = send($path, ['Authorization: Bearer ' . token(isRejected: true)]);
    if ($status !== 200) fail("The API returned the status $status.");
    $body = json_decode($text);
    $records = $body->data ?? null;
    if (!is_array($records)) fail('The response has no data.');
    if (array_filter($records, fn ($one) => is_scalar($one->id ?? null)) !== $records) fail('A record has no id.');
    $others = implode(', ', array_diff(array_keys(get_object_vars($body)), ['data']));
    if ($others !== '') fail("The list may be one page of several. It also has: $others");
    return $records;
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
    [$status, $text] = send('/api/v140/auth', ['Content-Type: application/json'], $account);
    // Logging in again with a wrong password might lock the account. The response can contain tokens.
    if ($status !== 200) fail("The login failed with the status $status.");
    $login = json_decode($text);
    $seconds = $login->expires_in ?? null;
    if (!is_string($login->access_token ?? null) || !is_numeric($seconds)) fail('The login returned no token.');
    // A minute before the token expires, but not before half of its time
    $renewAt = time() + max($seconds - 60, $seconds / 2);
    return $token = $login->access_token;
}

/** Reads, or sends a body. Returns the status and the text. */
function send(string $path, array $headers, ?array $body = null): array
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    $url = getenv('RECOVERYCONNECT_URL') ?: 'http://127.0.0.1:4020';
    $curl = curl_init($url . $path);
    curl_setopt_array($curl, [
        CURLOPT_HTTPHEADER => ['Accept: application/json', ...$headers],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
    ]);
    if ($body !== null) curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($body, JSON_THROW_ON_ERROR));
    $text = curl_exec($curl);
    if ($text === false) fail('The request failed: ' . curl_error($curl));
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $text];
}

function fail(string $message): never
{
    fwrite(STDERR, "$message\n");
    exit(1);
}
