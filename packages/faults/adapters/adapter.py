import json, sys, urllib.error, urllib.request

for line in sys.stdin:
    case = json.loads(line)
    request = urllib.request.Request(case["base_url"] + case["path"], method=case["method"])
    request.add_header("Accept", "application/json")
    request.add_header("Authorization", "Bearer " + case["token"])
    if "body" in case:
        request.data = json.dumps(case["body"]).encode()
        request.add_header("Content-Type", "application/json")
    output = ""
    try:
        # Call your client here, and let its errors through.
        with urllib.request.urlopen(request, timeout=case["deadline_ms"] / 1000) as response:
            json.load(response)
        outcome = "ok"
    except TimeoutError as error:
        outcome, output = "timeout", repr(error)
    except urllib.error.HTTPError as error:
        outcome, output = "error", repr(error)
    except Exception as error:
        outcome, output = "error", repr(error)
    print(json.dumps({"id": case["id"], "outcome": outcome, "output": output}), flush=True)
