"""Prints the phones of an order, each with the objections to a call. "no objection" isn't permission to call."""

import os
import sys

from recoveryconnect import Client, RecoveryConnectError, objections_to

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url = os.environ.get("RECOVERYCONNECT_URL", "http://127.0.0.1:4020")
token = os.environ.get("RECOVERYCONNECT_TOKEN", "demo")
order_id = 57062885

with Client(base_url=url, token=token) as client:
    try:
        found = []
        for borrower in client.borrowers.list(order_id=order_id)["data"]:
            ids = {"order_id": order_id, "borrower_id": borrower["id"]}
            phones = client.borrower_phones.list(**ids)["data"]
            addresses = client.borrower_addresses.list(**ids)["data"]
            found.append((borrower, phones, addresses))
    except RecoveryConnectError as error:
        sys.exit(str(error))

# Borrowers can share a number, so check each phone against the phones of all borrowers.
every_phone = [phone for _, phones, _ in found for phone in phones]
for borrower, phones, addresses in found:
    for phone in phones:
        objections = objections_to(phone, phones=every_phone, borrower=borrower, addresses=addresses)
        print(phone["id"], ", ".join(objection.kind for objection in objections) or "no objection")
