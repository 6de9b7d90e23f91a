import json, sys, traceback

sys.path.insert(0, "generated")
from openapi_client import ApiClient, BorrowerPhonesApi, BorrowersApi, Configuration

mended = sys.argv[1:] == ["mended"]
configuration = Configuration(retries=False) if mended else Configuration()
client = ApiClient(configuration)
phones, borrowers = BorrowerPhonesApi(client), BorrowersApi(client)
calls = {
    "listBorrowers": borrowers.list_borrowers,
    "listBorrowerPhones": phones.list_borrower_phones,
    "createBorrowerPhone": phones.create_borrower_phone,
    "updateBorrowerPhone": phones.update_borrower_phone,
    "deleteBorrowerPhone": phones.delete_borrower_phone,
}

for line in sys.stdin:
    case = json.loads(line)
    configuration.host, configuration.access_token = case["base_url"], case["token"]
    body = [case["body"]] if "body" in case else []
    timeout = {"_request_timeout": case["deadline_ms"] / 1000} if mended else {}
    reply = {"id": case["id"], "outcome": "ok", "output": ""}
    try:
        calls[case["operation"]](*case["ids"].values(), *body, **timeout)
    except Exception:
        reply.update(outcome="error", output=traceback.format_exc())
    print(json.dumps(reply), flush=True)
