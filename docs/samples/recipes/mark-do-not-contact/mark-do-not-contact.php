<?php
// Marks a number do-not-contact in every record of the borrower that has it.
// If it fails, run it again, and don't dial the number in the meantime.

$phones = '/api/v140/orders/57062885/borrowers/124927241/phones';
$number = preg_replace('/[^0-9]/', '', '678-932-1578');
if (strlen($number) !== 10) fail('The number must have ten digits.');
$list = send($phones);
$others = implode(', ', array_diff(array_keys($list), ['data']));
if ($others !== '') fail("The list may be one page of several. It also has: $others");

$found = 0;
foreach ($list['data'] as $phone) {
    if (!str_contains(preg_replace('/[^0-9]/', '', (string) ($phone['number'] ?? '')), $number)) continue;
    $response = send("$phones/$phone[id]", ['no_contact' => 1]);
    if (($response['data']['no_contact'] ?? null) !== 1) fail("Don't dial. The API didn't mark $phone[id].");
    echo "$phone[id] is marked do-not-contact\n";
    $found++;
}
if ($found === 0) fail('No record has this number.');

/** Reads, or updates with a body. */
function send(string $path, ?array $body = null): array
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    $url = getenv('RECOVERYCONNECT_URL') ?: 'http://127.0.0.1:4020';
    $token = getenv('RECOVERYCONNECT_TOKEN') ?: 'demo';
    $headers = ["Authorization: Bearer $token", 'Accept: application/json'];
    $options = [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 10];
    if ($body !== null) {
        $headers[] = 'Content-Type: application/json';
        $options[CURLOPT_CUSTOMREQUEST] = 'PUT';
        $options[CURLOPT_POSTFIELDS] = json_encode($body, JSON_THROW_ON_ERROR);
    }
    $curl = curl_init($url . $path);
    curl_setopt_array($curl, $options + [CURLOPT_HTTPHEADER => $headers]);
    $text = curl_exec($curl);
    if ($text === false) fail('The request failed: ' . curl_error($curl));
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    if ($status !== 200) fail("The API returned the status $status.");
    $data = json_decode($text, true);
    if (!is_array($data['data'] ?? null)) fail('The response has no data.');
    return $data;
}

function fail(string $message): never
{
    fwrite(STDERR, "$message\n");
    exit(1);
}
