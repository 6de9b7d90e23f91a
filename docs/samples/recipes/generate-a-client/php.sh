# Needs Java. The page "Downloads" has openapi-3.0.json. Tested with version 7.25.0 of the generator.
npx @openapitools/openapi-generator-cli generate --generator-name php \
  --input-spec openapi-3.0.json --output client
composer --working-dir=client install
