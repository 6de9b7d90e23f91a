<?php
require 'GuzzleHttp/autoload.php';
require 'GuzzleHttp/Psr7/autoload.php';
spl_autoload_register(fn ($name) => @include 'generated/lib/' . strtr(substr($name, strlen('OpenAPI\\Client\\')), '\\', '/') . '.php');

use GuzzleHttp\{Client, HandlerStack};
use OpenAPI\Client\{Api, Configuration, Model};

$mended = ($argv[1] ?? '') === 'mended';
$handler = HandlerStack::create(); // Has the connections.
while (($line = fgets(STDIN)) !== false) {
    $case = json_decode($line, true);
    $client = new Client(['handler' => $handler] + ($mended ? [
        'allow_redirects' => false,
        'timeout' => $case['deadline_ms'] / 1000,
        'curl' => [CURLOPT_FRESH_CONNECT => true],
    ] : []));
    $configuration = (new Configuration())->setHost($case['base_url'])->setAccessToken($case['token']);
    $phones = new Api\BorrowerPhonesApi($client, $configuration);
    $borrowers = new Api\BorrowersApi($client, $configuration);
    $ids = array_values($case['ids']);
    $body = $case['body'] ?? [];
    $reply = ['id' => $case['id'], 'outcome' => 'ok', 'output' => ''];
    try {
        match ($case['operation']) {
            'listBorrowers' => $borrowers->listBorrowers(...$ids),
            'listBorrowerPhones' => $phones->listBorrowerPhones(...$ids),
            'createBorrowerPhone' => $phones->createBorrowerPhone(...$ids, borrower_phone_create: new Model\BorrowerPhoneCreate($body)),
            'updateBorrowerPhone' => $phones->updateBorrowerPhone(...$ids, borrower_phone_update: new Model\BorrowerPhoneUpdate($body)),
            'deleteBorrowerPhone' => $phones->deleteBorrowerPhone(...$ids),
        };
    } catch (Throwable $error) {
        $reply = ['outcome' => 'error', 'output' => (string) $error] + $reply;
    }
    echo json_encode($reply, JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
