<?php
$curl = curl_init();
while (($line = fgets(STDIN)) !== false) {
    $case = json_decode($line, true);
    $headers = ['Accept: application/json', 'Authorization: Bearer ' . $case['token']];
    curl_reset($curl); // Keeps the connections.
    curl_setopt_array($curl, [
        CURLOPT_URL => $case['base_url'] . $case['path'],
        CURLOPT_CUSTOMREQUEST => $case['method'],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT_MS => $case['deadline_ms'],
        CURLOPT_FAILONERROR => true,
    ]);
    if (isset($case['body'])) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($case['body']));
        $headers[] = 'Content-Type: application/json';
    }
    curl_setopt($curl, CURLOPT_HTTPHEADER, $headers);
    // Call your client here, and let its errors through.
    $data = json_decode((string) curl_exec($curl), true);
    $error = curl_errno($curl);
    if ($error === CURLE_OPERATION_TIMEDOUT) $outcome = 'timeout';
    else $outcome = $error || $data === null ? 'error' : 'ok';
    echo json_encode(['id' => $case['id'], 'outcome' => $outcome, 'output' => curl_error($curl)]), "\n";
}
