# Needs Java 17. The page "Downloads" has openapi-3.0.json.
# Without the last option, the client rejects responses with a field that the contract lacks.
npx @openapitools/openapi-generator-cli version-manager set 7.25.0
npx @openapitools/openapi-generator-cli generate --generator-name java --library native \
  --input-spec openapi-3.0.json --output client \
  --additional-properties=disallowAdditionalPropertiesIfNotPresent=false
