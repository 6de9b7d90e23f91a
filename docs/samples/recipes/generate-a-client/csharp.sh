# Needs Java. The page "Downloads" has openapi-3.0.json. Written for version 7.25.0 of the generator.
# We haven't run this client under faults, so do that first: see "Test your client against faults".
npx @openapitools/openapi-generator-cli generate --generator-name csharp --library httpclient \
  --input-spec openapi-3.0.json --output client
