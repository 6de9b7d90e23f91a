<?php
// Prints the phones of an order, each with the fields that rule out a call. "no objection" isn't permission to call.

$order = '/api/v140/orders/57062885/borrowers';
$phones = [];
// Borrowers can share a number, so an objection to a phone or its borrower rules out the number for all of them.
$ruledOut = [];
foreach (listRecords($order) as $borrower) {
    $permits = ['is_deceased' => 0, 'bankruptcy' => null, 'active_military' => 0, 'deleted_at' => null];
    $ofBorrower = objections('borrower', $borrower, $permits);
    foreach (listRecords("$order/$borrower->id/addresses") as $address)
        $ofBorrower = [...$ofBorrower, ...objections('address', $address, ['no_contact' => 0])];
    foreach (listRecords("$order/$borrower->id/phones") as $phone) {
        $objections = objections('phone', $phone, ['no_contact' => 0, 'valid' => 1]);
        $number = is_scalar($phone->number ?? null) ? $phone->number : '';
        if ($objections || $ofBorrower) $ruledOut[] = digits($number);
        $phones[] = [$phone, $number, [...$objections, ...$ofBorrower]];
    }
}
foreach ($phones as [$phone, $number, $objections]) {
    if (!preg_match('/^[2-9](?!11)[0-9]{2}-?[2-9](?!11)[0-9]{2}-?[0-9]{4}$/D', $number))
        $objections[] = 'phone.number';
    if (isset($phone->deleted_at)) $objections[] = 'phone.deleted_at';
    if (in_array('unreadable', $ruledOut, true) || in_array(digits($number), $ruledOut, true))
        $objections[] = 'number ruled out';
    echo $phone->id, ' ', implode(', ', array_unique($objections)) ?: 'no objection', "\n";
}

/** The fields that are missing or have another value than the one that permits a call. */
function objections(string $kind, object $record, array $permits): array
{
    $found = [];
    foreach ($permits as $field => $value)
        if (!property_exists($record, $field) || $record->$field !== $value) $found[] = "$kind.$field";
    return $found;
}

/** Ten digits. A masked, partial or other number is unreadable, and can be any number. */
function digits(string $number): string
{
    $digits = preg_replace('/[ ().+-]/', '', $number);
    return preg_match('/^1?([2-9][0-9]{9})$/D', $digits, $found) ? $found[1] : 'unreadable';
}

function listRecords(string $path): array
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    $url = getenv('RECOVERYCONNECT_URL') ?: 'http://127.0.0.1:4020';
    $token = getenv('RECOVERYCONNECT_TOKEN') ?: 'demo';
    $curl = curl_init($url . $path);
    curl_setopt_array($curl, [
        CURLOPT_HTTPHEADER => ["Authorization: Bearer $token", 'Accept: application/json'],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
    ]);
    $text = curl_exec($curl);
    if ($text === false) fail('The request failed: ' . curl_error($curl));
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    if ($status !== 200) fail("The API returned the status $status.");
    $body = json_decode($text);
    $records = $body->data ?? null;
    if (!is_array($records)) fail('The response has no data.');
    if (array_filter($records, fn ($one) => is_scalar($one->id ?? null)) !== $records) fail('A record has no id.');
    $others = implode(', ', array_diff(array_keys(get_object_vars($body)), ['data']));
    if ($others !== '') fail("The list may be one page of several. It also has: $others");
    return $records;
}

function fail(string $message): never
{
    fwrite(STDERR, "$message\n");
    exit(1);
}
