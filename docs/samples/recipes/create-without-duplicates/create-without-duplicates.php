<?php
// Creates a phone, unless the borrower has a record with the number.
// If it fails, wait half a minute and run it again: it looks for the record first.

$body = ['type' => 6, 'number' => '2025550143', 'valid' => 1, 'no_contact' => 0];

// In another form, the number would equal no number that is stored, and each run would create it again.
if (!preg_match('/^[2-9][0-9]{9}$/D', $body['number'])) fail('The number must be ten digits, without dashes.');

$list = send();
$others = array_diff(array_keys($list), ['data']);
if ($others) fail('The list may be one page of several. It also has: ' . implode(', ', $others));
$same = null;
$unclear = [];
foreach ($list['data'] as $phone) {
    $digits = preg_replace('/[ ().+-]/', '', (string) ($phone['number'] ?? ''));
    $ten = preg_match('/^1?([2-9][0-9]{9})$/D', $digits, $found) ? $found[1] : null;
    $isSame = $ten === $body['number'];
    if ($isSame && !hasFlags($phone, $body)) fail("Don't dial. The number is stored with other flags: $phone[id]");
    if ($isSame && !isset($phone['deleted_at'])) $same ??= $phone['id'];
    // A number that is masked, partial or otherwise not ten digits can be this one.
    elseif ($isSame || $ten === null) $unclear[] = $phone['id'];
}
if ($same !== null) exit("stored already as $same\n");
if ($unclear) fail("Check by hand whether one of these has the number and isn't deleted: " . implode(', ', $unclear));

$created = send($body)['data'];
if (!hasFlags($created, $body)) fail("Don't dial. The API stored other flags: $created[id]");
echo "stored as $created[id]\n";

function hasFlags(array $phone, array $body): bool
{
    return ($phone['valid'] ?? null) === $body['valid'] && ($phone['no_contact'] ?? null) === $body['no_contact'];
}

/** Lists the phones, or creates one. */
function send(?array $body = null): array
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    $url = getenv('RECOVERYCONNECT_URL') ?: 'http://127.0.0.1:4020';
    $token = getenv('RECOVERYCONNECT_TOKEN') ?: 'demo';
    $headers = ["Authorization: Bearer $token", 'Accept: application/json'];
    $options = [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 10];
    if ($body !== null) {
        $headers[] = 'Content-Type: application/json';
        $options[CURLOPT_POSTFIELDS] = json_encode($body, JSON_THROW_ON_ERROR);
    }
    // If a connection that was used before breaks, curl sends a create twice. A new handle has a new connection.
    $curl = curl_init("$url/api/v140/orders/57062885/borrowers/124927241/phones");
    curl_setopt_array($curl, $options + [CURLOPT_HTTPHEADER => $headers]);
    $text = curl_exec($curl);
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    if ($text === false) fail('The request failed: ' . curl_error($curl));
    $data = json_decode($text, true);
    $rejected = $status === 422 ? array_keys((array) ($data['errors'] ?? [])) : [];
    if ($rejected) fail('The API rejected: ' . implode(', ', $rejected));
    if ($status !== 200) fail("The API returned the status $status.");
    if (!is_array($data['data'] ?? null)) fail('The response has no data.');
    return $data;
}

function fail(string $message): never
{
    fwrite(STDERR, "$message\n");
    exit(1);
}
