# The page "Downloads" has openapi.json.
npm install --save-dev typescript@5.9 @hey-api/openapi-ts@0.99.0
npx openapi-ts --input openapi.json --output client
