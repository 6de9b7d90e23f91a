"""Creates a phone. If the response is lost, finds out whether the API stored the record."""

import os
import sys

from recoveryconnect import Client, RecoveryConnectError, create_outcome
from recoveryconnect.types import BorrowerPhoneCreate

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url = os.environ.get("RECOVERYCONNECT_URL", "http://127.0.0.1:4020")
token = os.environ.get("RECOVERYCONNECT_TOKEN", "demo")
order_id, borrower_id = 57062885, 124927241
body: BorrowerPhoneCreate = {"type": 6, "number": "2025550143", "valid": 1, "no_contact": 0}


def create_once(client: Client) -> None:
    phones = client.borrower_phones
    before = phones.list(order_id=order_id, borrower_id=borrower_id)["data"]
    try:
        created = phones.create(order_id=order_id, borrower_id=borrower_id, **body)
        print("stored as", created["data"]["id"])
        return
    except RecoveryConnectError as error:
        if not error.may_have_been_carried_out:
            raise
        # Looks for the record for up to half a minute, because the server may still be working.
        outcome = create_outcome(
            phones, order_id=order_id, borrower_id=borrower_id, body=body, error=error, before=before
        )
    if outcome.created is True and not outcome.contradicts:
        print("stored as", outcome.phone["id"])
    elif outcome.created is True:
        sys.exit(f"Don't dial. The API stored other flags: {outcome.phone['id']}")
    elif outcome.created is False:
        sys.exit("Not stored after 30 seconds. You can create it again.")
    else:
        found = [phone["id"] for phone in outcome.candidates]
        sys.exit(f"A person has to decide whether one of these is the record: {found}")


with Client(base_url=url, token=token) as client:
    try:
        create_once(client)
    except RecoveryConnectError as error:
        sys.exit(f"{error}\n{error.body or ''}")
