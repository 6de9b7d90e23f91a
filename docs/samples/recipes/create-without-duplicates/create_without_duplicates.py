"""Creates a phone, unless the borrower has a record with the number.

If it fails, wait half a minute and run it again: it looks for the record first.
"""

import os
import re
import sys

from recoveryconnect import Client, RecoveryConnectError
from recoveryconnect.types import BorrowerPhoneCreate

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url = os.environ.get("RECOVERYCONNECT_URL", "http://127.0.0.1:4020")
token = os.environ.get("RECOVERYCONNECT_TOKEN", "demo")
order_id, borrower_id = 57062885, 124927241
body: BorrowerPhoneCreate = {"type": 6, "number": "2025550143", "valid": 1, "no_contact": 0}


def read_digits(number: str) -> str:
    """A number that is masked, partial or otherwise not ten digits can be any number."""
    digits = re.sub(r"[ ().+-]", "", number).removeprefix("1")
    return digits if re.fullmatch(r"[2-9][0-9]{9}", digits) else "unreadable"


with Client(base_url=url, token=token) as client:
    try:
        phones = client.borrower_phones.list(order_id=order_id, borrower_id=borrower_id)["data"]
        ids = {read_digits(phone["number"]): phone["id"] for phone in phones}
        if body["number"] in ids:
            print("stored already as", ids[body["number"]])
        elif "unreadable" in ids:
            sys.exit(f"check by hand: {ids['unreadable']}")
        else:
            # The client never sends a create twice, and raises an exception if the API stores other flags.
            created = client.borrower_phones.create(order_id=order_id, borrower_id=borrower_id, **body)
            print("stored as", created["data"]["id"])
    except RecoveryConnectError as error:
        sys.exit(f"{error}\n{error.body or ''}")
