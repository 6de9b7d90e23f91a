# Needs Java. The page "Downloads" has openapi-3.0.json. Version 7.25.0 of the generator makes this client. Nobody has
# run it under faults yet, so do that first: see "Test against faults".
npx @openapitools/openapi-generator-cli generate --generator-name csharp --library httpclient \
  --input-spec openapi-3.0.json --output client
