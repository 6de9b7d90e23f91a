<?php
// Creates a phone. If the response is lost, finds out whether the API stored the record.
// Exit code: 0 if it's stored, 1 if nothing was stored, 2 if a person has to look, 3 if you can create it again.
// Don't run it again after a 0 or 2: it would create a second record, because it doesn't look for older ones.
// Treat every exit code that isn't listed, such as that of a program that was killed, as 2.

$sent = ['type' => 6, 'number' => '2025550143', 'valid' => 1, 'no_contact' => 0];
if (!preg_match('/^[2-9][0-9]{9}$/D', $sent['number'])) stop(1, 'Nothing was sent. The number must be ten digits.');

$before = listPhones();
if (is_string($before)) stop(1, "Nothing was sent. $before");
set_exception_handler(fn (Throwable $error) => stopUnknown('The program failed: ' . $error::class . '.'));
[$status, $text] = send($sent);
// A gateway can also return these statuses after the API stored the phone. The API's errors have a message.
// We assume that the API stores nothing then. The vendor doesn't document any error.
if (in_array($status, [401, 403, 422, 429], true) && isset(json_decode($text)->message))
    stop(1, "Nothing was stored. The API returned the status $status.");
$response = $status === 200 ? json_decode($text) : null;
$phone = ($response->status ?? 'success') === 'success' ? $response->data ?? null : null;
$hasId = is_scalar($phone->id ?? null);
if ($hasId && matches($phone, $sent)) stop(0, "stored as $phone->id");
if ($hasId) stop(2, "Don't dial. The API stored something else: $phone->id");

// The server may still be working. The vendor documents no limit: half a minute is our choice.
foreach ([0, 2, 8, 20] as $seconds) {
    sleep($seconds);
    $phones = listPhones();
    if (is_string($phones)) continue;
    $found = array_diff_key($phones, $before);
    $same = array_filter($found, fn ($phone) => matches($phone, $sent));
    if (count($same) === 1) stop(0, 'stored as ' . array_key_first($same));
}
if (is_string($phones)) stopUnknown($phones);
if (!$found) stop(3, 'Not stored after 30 seconds. You can create it again.');
stop(2, 'A person has to decide whether one of these is the record: ' . implode(', ', array_keys($found)));

function matches(object $phone, array $sent): bool
{
    $number = is_string($phone->number ?? null) ? $phone->number : '';
    $fields = ['number' => preg_replace('/^1/', '', preg_replace('/[ ().+-]/', '', $number))] + get_object_vars($phone);
    foreach ($sent as $name => $value) if (($fields[$name] ?? null) !== $value) return false;
    return true;
}

/** Returns the phones by id, or the reason why there is no complete list. */
function listPhones(): array|string
{
    [$status, $text] = send();
    if ($status === 0) return "The request failed: $text.";
    if ($status !== 200) return "The API returned the status $status.";
    $body = json_decode($text);
    $phones = $body->data ?? null;
    if (!is_array($phones) || array_filter($phones, fn ($phone) => is_scalar($phone->id ?? null)) !== $phones)
        return 'The response has no data.';
    $others = implode(', ', array_diff(array_keys(get_object_vars($body)), ['data']));
    if ($others !== '') return "The list may be one page of several. It also has: $others.";
    return array_column($phones, null, 'id');
}

/** Lists the phones, or creates one. Returns the status and the body, or 0 and the reason. */
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
    return $text === false ? [0, curl_error($curl)] : [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $text];
}

function stopUnknown(string $reason): never
{
    stop(2, "It's unknown whether the API stored the phone. $reason List the phones before you create it again.");
}

function stop(int $status, string $message): never
{
    fwrite($status === 0 ? STDOUT : STDERR, "$message\n");
    exit($status);
}
