import json, sys, urllib.request

class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None

client = urllib.request.build_opener(NoRedirect)
for line in sys.stdin:
    case = json.loads(line)
    request = urllib.request.Request(case["base_url"] + case["path"], method=case["method"])
    request.add_header("Accept", "application/json")
    request.add_header("Authorization", "Bearer " + case["token"])
    if "body" in case:
        request.data = json.dumps(case["body"]).encode()
        request.add_header("Content-Type", "application/json")
    outcome, output = "ok", ""
    try:
        # Call your client here.
        with client.open(request, timeout=case["deadline_ms"] / 1000) as response:
            json.load(response)
    except TimeoutError as error:
        outcome, output = "timeout", repr(error)
    except Exception as error:
        outcome, output = "error", repr(error)
    print(json.dumps({"id": case["id"], "outcome": outcome, "output": output}), flush=True)
