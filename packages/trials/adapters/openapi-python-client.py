import json, sys, traceback

from generated import AuthenticatedClient
from generated.api.borrower_phones import create_borrower_phone, delete_borrower_phone
from generated.api.borrower_phones import list_borrower_phones, update_borrower_phone
from generated.api.borrowers import list_borrowers
from generated.models import BorrowerPhoneCreate, BorrowerPhoneUpdate

mended = sys.argv[1:] == ["mended"]
client = AuthenticatedClient(base_url="", token="")
http = client.get_httpx_client()
calls = {
    "listBorrowers": (list_borrowers, None),
    "listBorrowerPhones": (list_borrower_phones, None),
    "createBorrowerPhone": (create_borrower_phone, BorrowerPhoneCreate),
    "updateBorrowerPhone": (update_borrower_phone, BorrowerPhoneUpdate),
    "deleteBorrowerPhone": (delete_borrower_phone, None),
}

for line in sys.stdin:
    case = json.loads(line)
    http.base_url = case["base_url"]
    http.headers["Authorization"] = "Bearer " + case["token"]
    if mended:
        http.timeout = case["deadline_ms"] / 1000
    reply = {"id": case["id"], "outcome": "ok", "output": ""}
    try:
        operation, model = calls[case["operation"]]
        body = {"body": model.from_dict(case["body"])} if model else {}
        response = operation.sync_detailed(*case["ids"].values(), client=client, **body)
        if response.status_code != 200:
            raise RuntimeError(f"Status {response.status_code}")
    except Exception:
        reply.update(outcome="error", output=traceback.format_exc())
    print(json.dumps(reply), flush=True)
