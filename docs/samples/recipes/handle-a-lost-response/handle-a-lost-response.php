<?php
// Creates a phone. If the response is lost, finds out whether the API stored the record.

$sent = ['type' => 6, 'number' => '2025550143', 'valid' => 1, 'no_contact' => 0];

$before = array_column(listPhones(), 'id');
[$status, $text] = send('POST', $sent);
// With these statuses, the API has stored nothing.
if (in_array($status, [401, 403, 422, 429], true)) stop(1, $text);
$phone = $status === 200 ? json_decode($text, true)['data'] ?? null : null;
if ($phone && matches($phone, $sent)) stop(0, "stored as $phone[id]");
if ($phone) stop(1, "Don't dial. The API stored something else: $text");

// The server may still be working. PHP runs a request for half a minute by default.
foreach ([0, 2, 8, 20] as $seconds) {
    sleep($seconds);
    $found = array_filter(listPhones(), fn ($phone) => !in_array($phone['id'], $before, true));
    $same = array_filter($found, fn ($phone) => matches($phone, $sent));
    if (count($same) === 1) stop(0, 'stored as ' . array_column($same, 'id')[0]);
}
if (!$found) stop(1, 'Not stored after 30 seconds. You can create it again.');
stop(1, 'A person has to decide whether one of these is the record: ' . implode(', ', array_column($found, 'id')));

function matches(array $phone, array $sent): bool
{
    $digits = preg_replace('/^1/', '', preg_replace('/[ ().+-]/', '', (string) $phone['number']));
    $fields = ['number' => $digits] + $phone;
    foreach ($sent as $name => $value) if (($fields[$name] ?? null) !== $value) return false;
    return true;
}

function listPhones(): array
{
    [$status, $text] = send('GET');
    $body = json_decode($text, true);
    // A list with anything beside "data" can be one page of several.
    if ($status !== 200 || !is_array($body) || array_keys($body) !== ['data']) stop(1, $text);
    return $body['data'];
}

/** Returns the status and the body, or 0 and the reason if there is no complete response. */
function send(string $method, ?array $body = null): array
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    $url = getenv('RECOVERYCONNECT_URL') ?: 'http://127.0.0.1:4020';
    $token = getenv('RECOVERYCONNECT_TOKEN') ?: 'demo';
    // If a connection that was used before breaks, curl sends a create twice. A new handle has a new connection.
    $curl = curl_init("$url/api/v140/orders/57062885/borrowers/124927241/phones");
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => [
            "Authorization: Bearer $token",
            'Accept: application/json',
            'Content-Type: application/json',
        ],
        CURLOPT_POSTFIELDS => $body === null ? null : json_encode($body),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
    ]);
    $text = curl_exec($curl);
    return $text === false ? [0, curl_error($curl)] : [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $text];
}

function stop(int $status, string $message): never
{
    echo "$message\n";
    exit($status);
}
