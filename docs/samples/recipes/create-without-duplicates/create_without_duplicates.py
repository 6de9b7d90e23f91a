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


def read_digits(number: object) -> str:
    """A number that is masked, partial or otherwise not ten digits can be any number."""
    digits = re.sub(r"[ ().+-]", "", str(number)).removeprefix("1")
    return digits if re.fullmatch(r"[2-9][0-9]{9}", digits) else "unreadable"


def create_once(client: Client) -> str:
    # A number with dashes never matches a stored one, so each run would create it again.
    if read_digits(body["number"]) != body["number"]:
        sys.exit("The number must be ten digits, without dashes.")
    phones = client.borrower_phones.list(order_id=order_id, borrower_id=borrower_id)["data"]
    if not all(isinstance(phone, dict) for phone in phones):
        sys.exit("The response has no data.")
    same = [phone for phone in phones if read_digits(phone.get("number")) == body["number"]]
    if not all(phone.get("id") for phone in same):
        sys.exit("A record with this number has no id. Check by hand.")
    for phone in same:
        if (phone.get("valid"), phone.get("no_contact")) != (body["valid"], body["no_contact"]):
            sys.exit(f"Don't dial. The number is stored with other flags: {phone['id']}")
    deleted = [phone for phone in same if phone.get("deleted_at") is not None]
    kept = [phone for phone in same if phone not in deleted]
    if kept:
        return f"stored already as {kept[0]['id']}"
    unreadable = [phone for phone in phones if read_digits(phone.get("number")) == "unreadable"]
    if unclear := [str(phone.get("id") or "without an id") for phone in deleted + unreadable]:
        sys.exit(f"Check by hand whether one of these has the number and isn't deleted: {', '.join(unclear)}")
    # The client never sends a create twice, and raises an exception if the API stores other flags.
    created = client.borrower_phones.create(order_id=order_id, borrower_id=borrower_id, **body)
    if not created["data"].get("id") or created.get("status") not in (None, "success"):
        sys.exit("The API returned something else.")
    return f"stored as {created['data']['id']}"


with Client(base_url=url, token=token) as client:
    try:
        print(create_once(client))
    except RecoveryConnectError as error:
        sys.exit(str(error))
