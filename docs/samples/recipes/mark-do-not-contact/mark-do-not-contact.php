<?php
// Marks a number do-not-contact in every record of the borrower that has it.
// If it fails, run it again, and don't dial the number in the meantime.

// The message of any other exception could contain a part of the response.
set_exception_handler(fn ($error) => fail($error instanceof RuntimeException ? $error->getMessage() : $error::class));
$phones = '/api/v140/orders/57062885/borrowers/124927241/phones';
$number = preg_replace('/[^0-9]/', '', '678-932-1578');
if (strlen($number) !== 10) fail('The number must have ten digits.');
$list = send($phones);
$others = implode(', ', array_diff(array_keys(get_object_vars($list)), ['data']));
if ($others !== '') fail("The list may be one page of several. It also has: $others");

$found = $failed = 0;
foreach ($list->data as $phone) {
    $digits = preg_replace('/[^0-9]/', '', is_scalar($phone->number ?? null) ? $phone->number : '');
    if (!str_contains($digits, $number)) continue;
    $found++;
    $hasId = is_scalar($phone->id ?? null) && $phone->id !== '';
    $id = $hasId ? (string) $phone->id : 'null';
    try {
        if (!$hasId) throw new RuntimeException('The record has no id.');
        $response = send("$phones/$id", ['no_contact' => 1]);
        $isSame = ($response->data->id ?? null) == $id && ($response->data->no_contact ?? null) === 1;
        if (!$isSame || ($response->status ?? 'success') !== 'success')
            throw new RuntimeException('The API returned something else.');
        echo "$id is marked do-not-contact\n";
    } catch (RuntimeException $error) {
        // The other records with the number have to be marked all the same.
        fwrite(STDERR, "Don't dial. $id isn't marked. {$error->getMessage()}\n");
        $failed++;
    }
}
if ($found === 0) fail('No record has this number.');
if ($failed > 0) exit(1);

/** Reads, or updates with a body. */
function send(string $path, ?array $body = null): object
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
    if ($text === false) throw new RuntimeException('The request failed: ' . curl_error($curl));
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    if ($status !== 200) throw new RuntimeException("The API returned the status $status.");
    $parsed = json_decode($text);
    $type = $body === null ? 'array' : 'object';
    if (gettype($parsed->data ?? null) !== $type) throw new RuntimeException('The response has no data.');
    return $parsed;
}

function fail(string $message): never
{
    fwrite(STDERR, "$message\n");
    exit(1);
}
