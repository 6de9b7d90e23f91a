"""Marks a number do-not-contact in every record of the borrower that has it.

If it fails, run it again, and don't dial the number in the meantime.
"""

import os
import re
import sys

from recoveryconnect import Client, RecoveryConnectError

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url = os.environ.get("RECOVERYCONNECT_URL", "http://127.0.0.1:4020")
token = os.environ.get("RECOVERYCONNECT_TOKEN", "demo")
order_id, borrower_id = 57062885, 124927241


def read_digits(number: object) -> str:
    return re.sub("[^0-9]", "", str(number))


number = read_digits("678-932-1578")
if len(number) != 10:
    sys.exit("The number must have ten digits.")


def mark(client: Client, phone_id: int) -> None:
    # Raises an exception if the API returns another flag.
    phones = client.borrower_phones
    response = phones.update(order_id=order_id, borrower_id=borrower_id, phone_id=phone_id, no_contact=1)
    is_success = response.get("status") in (None, "success")
    if not is_success or str(response["data"].get("id")) != str(phone_id):
        raise ValueError("The API returned something else.")
    print(phone_id, "is marked do-not-contact")


failed = False
with Client(base_url=url, token=token) as client:
    try:
        phones = client.borrower_phones.list(order_id=order_id, borrower_id=borrower_id)["data"]
    except RecoveryConnectError as error:
        sys.exit(str(error))
    records = [phone for phone in phones if isinstance(phone, dict)]
    same = [phone.get("id") for phone in records if number in read_digits(phone.get("number"))]
    if not same:
        sys.exit("No record has this number.")
    for phone_id in same:
        try:
            mark(client, phone_id)
        except (RecoveryConnectError, ValueError) as error:
            # The other records with the number have to be marked all the same.
            print(f"Don't dial. {phone_id} isn't marked. {error}", file=sys.stderr)
            failed = True
if failed:
    sys.exit(1)
