"""Prints the phones of an order, each with the objections to a call. "no objection" isn't permission to call."""

import os
import sys
from collections.abc import Sequence

from recoveryconnect import Client, RecoveryConnectError, objections_to

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url = os.environ.get("RECOVERYCONNECT_URL", "http://127.0.0.1:4020")
token = os.environ.get("RECOVERYCONNECT_TOKEN", "demo")
order_id = 57062885


def check_ids(records: Sequence[object]) -> None:
    if not all(isinstance(record, dict) and record.get("id") for record in records):
        sys.exit("A record has no id.")


with Client(base_url=url, token=token) as client:
    try:
        found = []
        borrowers = client.borrowers.list(order_id=order_id)["data"]
        check_ids(borrowers)
        for borrower in borrowers:
            ids = {"order_id": order_id, "borrower_id": borrower["id"]}
            phones = client.borrower_phones.list(**ids)["data"]
            addresses = client.borrower_addresses.list(**ids)["data"]
            check_ids(phones)
            # Borrowers can share a number, so an objection to one of them rules out its numbers for the others, too.
            for_others = []
            for phone in phones:
                objections = objections_to(phone, phones=[], borrower=borrower, addresses=addresses)
                is_ruled_out = any(objection.resource != "borrower_phones" for objection in objections)
                for_others.append({**phone, "no_contact": 1} if is_ruled_out else phone)
            found.append({"borrower": borrower, "addresses": addresses, "phones": phones, "for_others": for_others})
    except RecoveryConnectError as error:
        sys.exit(str(error))

for one in found:
    every_phone = [phone for other in found for phone in other["phones" if other is one else "for_others"]]
    for phone in one["phones"]:
        objections = objections_to(phone, phones=every_phone, borrower=one["borrower"], addresses=one["addresses"])
        print(phone["id"], ", ".join(objection.kind for objection in objections) or "no objection")
