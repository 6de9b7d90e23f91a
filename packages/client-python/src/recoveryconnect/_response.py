"""Turns a response into data or an error."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ._errors import Kind, Progress, RecoveryConnectError, create_error
from ._options import ResponseCheck
from ._retry import parse_retry_after

if TYPE_CHECKING:
    from ._effects import Operation, Reply

_KINDS: dict[int, Kind] = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    422: "validation",
    429: "rate_limited",
}


def read_response(
    operation: Operation[Any],
    flags: Mapping[str, Any],
    reply: Reply,
    progress: Progress,
    check: ResponseCheck | None,
) -> Any | RecoveryConnectError:
    """Reads the data from a response. Returns an error instead of raising it.

    Args:
        operation: The operation that was called.
        flags: The flags that were sent.
        reply: The response.
        progress: The progress of the call.
        check: The caller's own check.
    """
    text = reply.content.decode("utf-8-sig", "replace")
    body = _parse_body(text)
    is_json = body is not _NOT_JSON
    hidden = {"headers": reply.headers, "body": body if is_json else text}

    def fail(kind: Kind, message: str, **shown: Any) -> RecoveryConnectError:
        return create_error(kind, message, progress, hidden=hidden, status=reply.status, **shown)

    def unexpected(problems: Iterable[str] = (), what: str = "doesn't match the contract") -> RecoveryConnectError:
        paths = tuple(problems)
        place = f" at {', '.join(paths)}" if paths else ""
        return fail("unexpected_response", f"the response {what}{place}", problems=paths)

    is_success = 200 <= reply.status < 300
    problem = None if is_success else _describe_status(operation, reply, body)
    if problem is None or problem[0] == "unexpected_response":
        progress.may_have_been_carried_out = True
    if problem:
        kind, message, shown = problem
        return fail(kind, message, **shown)
    if reply.is_too_long:
        return fail("unexpected_response", f"the response exceeds max_response_bytes ({reply.limit})", problems=())
    if not isinstance(body, dict):
        return unexpected(what="isn't a JSON object")
    data = body.get("data")
    if operation.data and not isinstance(data, list if operation.data == "array" else dict):
        return unexpected(["data"])
    if isinstance(data, list) and operation.data == "array" and _is_page(body, len(data)):
        return fail("incomplete_list", "the list is one page of several")
    record = data if isinstance(data, dict) else {}
    if operation.confirms and record.get("success") is not True:
        return unexpected(["data.success"])
    fields = tuple(name for name, sent in flags.items() if not _is_same_flag(record.get(name), sent))
    if fields:
        message = f"the API returned different values than you sent for {' and '.join(fields)}; don't dial"
        return fail("contradiction", message, fields=fields)
    if check is None:
        return body
    try:
        problems = tuple(check(operation.id, body) or ())
    except Exception as reason:
        hidden["reason"] = reason
        return fail("unexpected_response", "check_response failed", problems=())
    return unexpected(problems) if problems else body


def _describe_status(operation: Operation[Any], reply: Reply, body: Any) -> tuple[Kind, str, dict[str, Any]]:
    """Describes a response with an error status: the kind and message of its error, and the other properties."""
    status = reply.status
    message, errors = (body.get("message"), body.get("errors")) if isinstance(body, dict) else (None, None)
    # If a message names a route, the path led to no operation, so the API didn't look for the record.
    is_missing = isinstance(message, str) and not re.search(r"\broute\b", message, re.IGNORECASE)
    is_from_api = status >= 400
    if status == 404:
        is_from_api = is_missing
    elif status == 422:
        is_from_api = is_missing and isinstance(errors, dict)
    if not is_from_api:
        return "unexpected_response", f"the response ({status}) isn't from the API", {"problems": ()}

    kind: Kind = _KINDS.get(status) or ("refused" if status < 500 else "server")
    text = f"the API responded with {status} ({kind})"
    retry_after = parse_retry_after(reply.headers) if kind in ("rate_limited", "server") else None
    if retry_after is not None and math.isfinite(retry_after):
        return kind, f"{text}, retry after {retry_after:g} s", {"retry_after": retry_after}
    # The server chooses the names too, so only those that the contract has are shown.
    names = [name for name in errors if name in operation.fields] if status == 422 and errors else []
    return kind, text + (f" to {', '.join(names)}" if names else ""), {}


def _is_page(body: Mapping[str, Any], length: int) -> bool:
    """Returns whether a list shows that records are missing.

    The vendor documents no paging for these lists. Its other lists have `links` and `meta`, `current_page` at the top,
    or a total, and numbers that can be strings.
    """
    for part in (body, body.get("meta")):
        if not isinstance(part, dict):
            continue
        links = part.get("links")
        nearby = links if isinstance(links, dict) else {}
        others = [nearby.get("next"), nearby.get("prev"), part.get("next_page_url"), part.get("prev_page_url")]
        current = part.get("current_page")
        page = 1.0 if current is None else _to_number(current)
        has_others = any(url is not None for url in others)
        last, total = _to_number(part.get("last_page")), _to_number(part.get("total"))
        if has_others or page > 1 or last > page or total > length:
            return True
    return False


def _to_number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _is_same_flag(returned: Any, sent: Any) -> bool:
    if isinstance(returned, bool):
        return False
    number = int(sent) if isinstance(sent, int) else sent
    return bool(returned == number or returned == str(number))


def is_cleared(name: str, sent: Any) -> bool:
    """Whether a flag permits contact again, or can't be read. To repeat its update could undo someone else's update."""
    forbids = "0" if name == "valid" else "1"
    return str(int(sent) if isinstance(sent, int) else sent) != forbids


_NOT_JSON: Any = object()


def _parse_body(text: str) -> Any:
    """Parses JSON. Integers of any size are exact. `NaN` and numbers that are infinite in Python aren't JSON."""
    try:
        return json.loads(text, parse_constant=_reject, parse_float=_parse_float)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _reject(_constant: str) -> None:
    raise ValueError


def _parse_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number
