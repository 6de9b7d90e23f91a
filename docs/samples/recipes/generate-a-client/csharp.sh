# Needs Java. The page "Downloads" has openapi-3.0.json.
# We did not run this client under faults, so do that first: see "Test your client against faults".
npx @openapitools/openapi-generator-cli version-manager set 7.25.0
npx @openapitools/openapi-generator-cli generate --generator-name csharp --library httpclient \
  --input-spec openapi-3.0.json --output client
