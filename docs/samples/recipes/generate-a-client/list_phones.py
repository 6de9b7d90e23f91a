import os

import httpx
from client import AuthenticatedClient
from client.api.borrower_phones import list_borrower_phones

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
client = AuthenticatedClient(
    base_url=os.environ.get("RECOVERYCONNECT_URL", "http://127.0.0.1:4020"),
    token=os.environ.get("RECOVERYCONNECT_TOKEN", "demo"),
    timeout=httpx.Timeout(10),
)
print(list_borrower_phones.sync(57062885, 124927241, client=client))
