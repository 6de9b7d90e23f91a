# The page "Downloads" has openapi-3.0.json.
pip install openapi-python-client==0.29.1
openapi-python-client generate --path openapi-3.0.json --meta none --output-path client
