"""Creates a phone. If the response is lost, finds out whether the API stored the record.

Exit code: 0 if it's stored, 1 if nothing was stored, 2 if a person has to look, 3 if you can create it again.
Don't run it again after a 0 or 2: it would create a second record, because it doesn't look for older ones.
Treat every exit code that isn't listed, such as that of a program that was killed, as 2.
"""

import os
import re
import sys
from typing import NoReturn

from recoveryconnect import Client, RecoveryConnectError, create_outcome
from recoveryconnect.types import BorrowerPhone, BorrowerPhoneCreate

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url = os.environ.get("RECOVERYCONNECT_URL", "http://127.0.0.1:4020")
token = os.environ.get("RECOVERYCONNECT_TOKEN", "demo")
order_id, borrower_id = 57062885, 124927241
body: BorrowerPhoneCreate = {"type": 6, "number": "2025550143", "valid": 1, "no_contact": 0}
UNKNOWN = "It's unknown whether the API stored the phone. {}. List the phones before you create it again."


def create_once(client: Client, before: list[BorrowerPhone]) -> int:
    """Returns the id of the record."""
    # By default, the client sends a create again after a 429, which can come from a gateway, too.
    phones = client.with_options(max_attempts=1).borrower_phones
    try:
        created = phones.create(order_id=order_id, borrower_id=borrower_id, **body)
    except RecoveryConnectError as error:
        if error.may_have_been_carried_out:
            return find_out(client, before, error)
        # A gateway can return a 4XX after the API stored the phone. The API's errors have a message.
        if error.status and not (isinstance(error.body, dict) and error.body.get("message")):
            stop(2, UNKNOWN.format(error))
        # The client assumes that most 4XX mean that nothing was stored. The vendor doesn't document any error.
        stop(1, f"Nothing was stored. {error}")
    if not created["data"].get("id") or created.get("status") not in (None, "success"):
        return find_out(client, before, ValueError("The API returned something else."))
    return created["data"]["id"]


def find_out(client: Client, before: list[BorrowerPhone], error: Exception) -> int:
    """Looks for the record for up to half a minute, because the server may still be working. The time is our choice."""
    try:
        outcome = create_outcome(
            client.borrower_phones,
            order_id=order_id,
            borrower_id=borrower_id,
            body=body,
            error=error,
            before=before,
        )
    except RecoveryConnectError as failure:
        stop(2, UNKNOWN.format(failure))
    if outcome.created is False:
        stop(3, "Not stored after 30 seconds. You can create it again.")
    if outcome.created is True and outcome.contradicts:
        stop(2, f"Don't dial. The API stored something else: {outcome.phone.get('id') or 'without an id'}")
    if outcome.created is True:
        return outcome.phone["id"]
    if not outcome.candidates:
        stop(2, UNKNOWN.format("The list is one page of several"))
    ids = [str(phone["id"]) for phone in outcome.candidates if isinstance(phone, dict) and phone.get("id")]
    found = ", ".join(ids) or "without an id"
    stop(2, f"A person has to decide whether one of these is the record: {found}")


def stop(status: int, message: str) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(status)


if not re.fullmatch("[2-9][0-9]{9}", body["number"]):
    stop(1, "Nothing was sent. The number must be ten digits.")
with Client(base_url=url, token=token) as client:
    try:
        before = client.borrower_phones.list(order_id=order_id, borrower_id=borrower_id)["data"]
    except RecoveryConnectError as error:
        stop(1, f"Nothing was sent. {error}")
    try:
        print("stored as", create_once(client, before))
    except Exception as error:
        stop(2, UNKNOWN.format(f"The program failed: {type(error).__name__}"))
