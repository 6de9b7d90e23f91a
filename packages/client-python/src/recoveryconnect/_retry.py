"""Decides whether and when to send a request again."""

from __future__ import annotations

import math
import random
import re
import time
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

# Full jitter: a random pause up to a limit, which doubles after each attempt up to the longest pause.
_FIRST_PAUSE = 0.3
_LONGEST_PAUSE = 8.0


def is_idempotent(method: str) -> bool:
    """Whether sending a request twice has the same effect as sending it once."""
    return method not in ("POST", "PATCH")


def choose_pause(*, status: int | None, headers: Mapping[str, str], is_repeatable: bool, attempt: int) -> float:
    """Returns the pause before the next attempt in seconds, or infinity if a retry would be wrong.

    Args:
        status: The status of the response, or `None` if there was no complete response.
        headers: Its headers.
        is_repeatable: Whether the request may be sent again if its response was lost.
        attempt: The number of the attempt.
    """
    is_temporary = status is None or status == 408 or status >= 500
    # A 429 says that the request wasn't carried out, so even a create can be retried after it.
    if status != 429 and not (is_repeatable and is_temporary):
        return math.inf
    requested = parse_retry_after(headers) or 0.0
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (attempt - 1))
    return requested + random.random() * longest  # noqa: S311


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Reads `Retry-After` and `retry-after-ms` in seconds. A date is compared with the server's own `Date`.

    Returns infinity for a value that can't be read, and `None` without one.

    See https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
    """
    value, ms = headers.get("retry-after"), headers.get("retry-after-ms")
    if value is None and ms is None:
        return None
    wait = max(
        0.0 if value is None else _parse_wait(value.strip(), headers),
        0.0 if ms is None else _parse_numbers(ms.strip()) / 1000,
    )
    return math.inf if math.isnan(wait) else wait


def _parse_wait(value: str, headers: Mapping[str, str]) -> float:
    """Returns infinity for a value that can't be read, such as a date whose time zone is unknown."""
    seconds = _parse_numbers(value)
    if math.isfinite(seconds):
        return seconds
    date = _parse_date(value)
    if date is None:
        return math.inf
    now = _parse_date(headers.get("date", "")) or time.time()
    return max(0.0, date - now)


def _parse_numbers(value: str) -> float:
    """Returns the largest of several numbers, because a proxy can add a header of its own."""
    if not re.fullmatch(r"[0-9.]+([ ,]+[0-9.]+)*", value):
        return math.inf
    try:
        return max(float(part) for part in value.split(","))
    except ValueError:
        return math.inf


def _parse_date(value: str) -> float | None:
    """Returns seconds since 1970, or `None` for a date that can't be read or whose time zone is unknown."""
    # An asctime date ends with the year, and is in UTC.
    text = re.sub(r":[0-9]{2} [0-9]{4}$", r"\g<0> GMT", value)
    if not re.search(r"(GMT|Z|[+-][0-9]{2}:[0-9]{2})$", text):
        return None
    try:
        if text.endswith("GMT"):
            return parsedate_to_datetime(text).timestamp()
        return datetime.fromisoformat(re.sub(r"Z$", "+00:00", text)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
