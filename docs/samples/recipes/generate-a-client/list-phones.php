<?php
require __DIR__ . '/client/vendor/autoload.php';

use OpenAPI\Client\Api\BorrowerPhonesApi;
use OpenAPI\Client\ApiException;
use OpenAPI\Client\Configuration;

$http = new GuzzleHttp\Client([
    'allow_redirects' => false,
    'timeout' => 10,
    // If a connection that was used before breaks, curl sends a create twice.
    'curl' => [CURLOPT_FRESH_CONNECT => true],
]);
// For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com, and replace the ids.
$configuration = (new Configuration())
    ->setHost(getenv('RECOVERYCONNECT_URL') ?: 'http://127.0.0.1:4020')
    ->setAccessToken(getenv('RECOVERYCONNECT_TOKEN') ?: 'demo');
try {
    $list = (new BorrowerPhonesApi($http, $configuration))->listBorrowerPhones(57062885, 124927241);
} catch (ApiException $error) {
    $status = $error->getCode();
    fwrite(STDERR, $status === 0 ? "No response: {$error->getMessage()}\n" : "The API returned the status $status.\n");
    exit(1);
}
foreach ($list->getData() as $phone) echo $phone->getId(), "\n";
