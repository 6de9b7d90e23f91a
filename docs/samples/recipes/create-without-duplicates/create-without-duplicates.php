<?php
// Creates a phone, unless the borrower has a record with the number.
// If it fails, wait half a minute and run it again: it looks for the record first.

$body = ['type' => 6, 'number' => '2025550143', 'valid' => 1, 'no_contact' => 0];

$list = send('GET');
// A list with anything beside "data" can be one page of several.
if (count($list) > 1) fail(json_encode($list));
$ids = [];
foreach ($list['data'] as $phone) {
    $digits = preg_replace('/[ ().+-]/', '', (string) $phone['number']);
    // A number that is masked, partial or otherwise not ten digits can be this one.
    $ten = preg_match('/^1?([2-9][0-9]{9})$/D', $digits, $found) ? $found[1] : 'unreadable';
    $ids[$ten] = $phone['id'];
}
if (isset($ids[$body['number']])) exit("stored already as {$ids[$body['number']]}\n");
if (isset($ids['unreadable'])) fail("check by hand: $ids[unreadable]");

$created = send('POST', $body)['data'];
if ($created['valid'] !== $body['valid'] || $created['no_contact'] !== $body['no_contact'])
    fail("Don't dial. The API stored other flags: " . json_encode($created));
echo "stored as $created[id]\n";

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
    $data = json_decode((string) $text, true);
    if ($text === false || curl_getinfo($curl, CURLINFO_RESPONSE_CODE) >= 300 || !isset($data['data']))
        fail($text === false ? curl_error($curl) : $text);
    return $data;
}

function fail(string $message): never
{
    fwrite(STDERR, "$message\n");
    exit(1);
}
