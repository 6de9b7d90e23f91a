import os
import sys

import httpx
from client import AuthenticatedClient
from client.api.borrower_phones import list_borrower_phones

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com, and replace the ids.
client = AuthenticatedClient(
    base_url=os.environ.get("RECOVERYCONNECT_URL", "http://127.0.0.1:4020"),
    token=os.environ.get("RECOVERYCONNECT_TOKEN", "demo"),
    timeout=httpx.Timeout(10),
)
try:
    response = list_borrower_phones.sync_detailed(57062885, 124927241, client=client)
except httpx.HTTPError as error:
    sys.exit(f"No response: {error!r}")
if response.status_code != 200:
    sys.exit(f"The API returned the status {response.status_code.value}.")
for phone in response.parsed.data:
    print(phone.id)
