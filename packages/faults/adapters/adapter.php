<?php
$curl = curl_init();
while (($line = fgets(STDIN)) !== false) {
    $case = json_decode($line, true);
    $headers = ['Accept: application/json', 'Authorization: Bearer ' . $case['token']];
    if (isset($case['body'])) $headers[] = 'Content-Type: application/json';
    curl_reset($curl); // Keeps the connections open.
    curl_setopt_array($curl, [
        CURLOPT_URL => $case['base_url'] . $case['path'],
        CURLOPT_CUSTOMREQUEST => $case['method'],
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_TIMEOUT_MS => $case['deadline_ms'],
        CURLOPT_FAILONERROR => true,
        CURLOPT_RETURNTRANSFER => true,
    ]);
    if (isset($case['body'])) curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($case['body'], JSON_THROW_ON_ERROR));
    // Call your client here.
    $data = json_decode((string) curl_exec($curl), true);
    $outcome = match (curl_errno($curl)) {
        CURLE_OK => $data === null ? 'unexpected_response' : 'ok',
        CURLE_OPERATION_TIMEDOUT => 'timeout',
        default => 'error',
    };
    echo json_encode(['id' => $case['id'], 'outcome' => $outcome, 'output' => curl_error($curl)]), "\n";
}
