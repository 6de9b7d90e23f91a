"""Counts the phones of each borrower of an order. Logs in once, and again when the token expires."""

import os
import sys

from recoveryconnect import Client, LoginToken, RecoveryConnectError

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url = os.environ.get("RECOVERYCONNECT_URL", "http://127.0.0.1:4020")
# The client logs in when it first needs a token, shortly before the token expires, and once after a 401.
token = LoginToken(
    # The local sandbox accepts every account.
    username=os.environ.get("RECOVERYCONNECT_USERNAME", "example-user"),
    password=os.environ.get("RECOVERYCONNECT_PASSWORD", "example-password"),
)

with Client(base_url=url, token=token) as client:
    try:
        for borrower in client.borrowers.list(order_id=57062885)["data"]:
            if not isinstance(borrower, dict) or not borrower.get("id"):
                sys.exit("A record has no id.")
            phones = client.borrower_phones.list(order_id=57062885, borrower_id=borrower["id"])["data"]
            print(f"{borrower['id']}: {len(phones)} phones")
    except RecoveryConnectError as error:
        sys.exit(str(error))
