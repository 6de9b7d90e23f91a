# Needs Java. The page "Downloads" has openapi-3.0.json.
npx @openapitools/openapi-generator-cli version-manager set 7.25.0
npx @openapitools/openapi-generator-cli generate --generator-name php \
  --input-spec openapi-3.0.json --output client
composer --working-dir=client install
