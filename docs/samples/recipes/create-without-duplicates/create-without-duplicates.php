<?php
// Creates a phone, unless the borrower has a record with the number.
// If it fails, wait half a minute and run it again: it looks for the record first.

$body = ['type' => 6, 'number' => '2025550143', 'valid' => 1, 'no_contact' => 0];

// A number with dashes never matches a stored one, so each run would create it again.
if (!preg_match('/^[2-9][0-9]{9}$/D', $body['number'])) fail('The number must be ten digits, without dashes.');

$list = send();
$others = array_diff(array_keys(get_object_vars($list)), ['data']);
if ($others) fail('The list may be one page of several. It also has: ' . implode(', ', $others));
$same = null;
$unclear = [];
foreach ($list->data as $phone) {
    $digits = preg_replace('/[ ().+-]/', '', is_scalar($phone->number ?? null) ? $phone->number : '');
    $ten = preg_match('/^1?([2-9][0-9]{9})$/D', $digits, $found) ? $found[1] : null;
    $isSame = $ten === $body['number'];
    $id = is_scalar($phone->id ?? null) ? $phone->id : null;
    if ($isSame && $id === null) fail('A record with this number has no id. Check by hand.');
    if ($isSame && !hasFlags($phone, $body)) fail("Don't dial. The number is stored with other flags: $id");
    if ($isSame && !isset($phone->deleted_at)) $same ??= $id;
    // A number that is masked, partial or otherwise not ten digits can be this one.
    elseif ($isSame || $ten === null) $unclear[] = $id ?? 'without an id';
}
if ($same !== null) exit("stored already as $same\n");
if ($unclear) fail("Check by hand whether one of these has the number and isn't deleted: " . implode(', ', $unclear));

$response = send($body);
$created = $response->data;
if (!is_scalar($created->id ?? null) || ($response->status ?? 'success') !== 'success')
    fail("The response has no id, or its own status isn't success.");
if (!hasFlags($created, $body)) fail("Don't dial. The API stored other flags: $created->id");
echo "stored as $created->id\n";

function hasFlags(object $phone, array $body): bool
{
    return ($phone->valid ?? null) === $body['valid'] && ($phone->no_contact ?? null) === $body['no_contact'];
}

/** Lists the phones, or creates one. */
function send(?array $body = null): object
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
    $parsed = json_decode($text);
    $rejected = is_object($parsed->errors ?? null) ? array_keys(get_object_vars($parsed->errors)) : [];
    if ($status === 422 && $rejected) fail('The API rejected: ' . implode(', ', $rejected));
    if ($status !== 200) fail("The API returned the status $status.");
    $type = $body === null ? 'array' : 'object';
    if (gettype($parsed->data ?? null) !== $type) fail('The response has no data.');
    return $parsed;
}

function fail(string $message): never
{
    fwrite(STDERR, "$message\n");
    exit(1);
}
