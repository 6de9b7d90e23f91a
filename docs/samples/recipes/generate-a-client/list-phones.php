<?php
require __DIR__ . '/client/vendor/autoload.php';

use OpenAPI\Client\Api\BorrowerPhonesApi;
use OpenAPI\Client\Configuration;

$http = new GuzzleHttp\Client([
    'allow_redirects' => false,
    'timeout' => 10,
    // If a connection that was used before breaks, curl sends a create twice.
    'curl' => [CURLOPT_FRESH_CONNECT => true],
]);
// For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
$configuration = (new Configuration())
    ->setHost(getenv('RECOVERYCONNECT_URL') ?: 'http://127.0.0.1:4020')
    ->setAccessToken(getenv('RECOVERYCONNECT_TOKEN') ?: 'demo');
echo (new BorrowerPhonesApi($http, $configuration))->listBorrowerPhones(57062885, 124927241), "\n";
