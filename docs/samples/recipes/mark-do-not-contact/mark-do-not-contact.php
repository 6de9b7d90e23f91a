<?php
// Marks a number do-not-contact in every record of the borrower that has it.
// If it fails, run it again, and don't dial the number in the meantime.

$phones = '/api/v140/orders/57062885/borrowers/124927241/phones';
$number = '6789321578';
$list = send('GET', $phones);
// A list with anything beside "data" can be one page of several.
if (count($list) > 1) fail(json_encode($list));

$found = 0;
foreach ($list['data'] as ['id' => $id, 'number' => $stored]) {
    if (!str_contains(preg_replace('/[^0-9]/', '', $stored), $number)) continue;
    $response = send('PUT', "$phones/$id", ['no_contact' => 1]);
    if ($response['data']['no_contact'] !== 1) fail(json_encode($response));
    echo "$id is marked do-not-contact\n";
    $found++;
}
if ($found === 0) fail('No record has this number.');

function send(string $method, string $path, ?array $body = null): array
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    $url = getenv('RECOVERYCONNECT_URL') ?: 'http://127.0.0.1:4020';
    $token = getenv('RECOVERYCONNECT_TOKEN') ?: 'demo';
    $curl = curl_init($url . $path);
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
