"""Checks input before anything is sent. No message contains a value: it could be a secret or a phone number."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Literal

import httpx

from ._errors import create_input_error

Id = int | str
"""An id, as the API returns it: a whole number from 1 to 2^63 - 1, as an `int` or as text."""

FieldKind = Literal["flag", "any"]

LONGEST_SECONDS = 2_147_483
_INT64 = 2**63


def check_body(body: Mapping[str, Any], fields: Mapping[str, FieldKind], operation: str) -> None:
    """Rejects unknown fields, flags other than 0 and 1, and numbers that aren't whole."""
    for name, value in body.items():
        kind = fields.get(name)
        if kind is None:
            raise create_input_error(describe_unknown(name, "a field of the body", list(fields)), operation)
        if kind == "flag" and not (is_whole(value) and value in (0, 1)):
            raise create_input_error(f"{name} must be 0 or 1", operation)
        if is_number(value) and not (is_whole(value) and -_INT64 <= value < _INT64):
            raise create_input_error(f"{name} must be a whole number from -2^63 to 2^63-1", operation)


def is_whole(value: object) -> bool:
    """Whether a value is an `int`. `True` and `False` aren't."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Whether a value is an `int` or a `float`. `True` and `False` aren't."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def encode_body(body: Mapping[str, Any], operation: str) -> bytes:
    """Encodes a body as JSON.

    Raises:
        InvalidInputError: if JSON can't represent a value.
    """
    content = _encode(body)
    if content is None:
        names = [_show_name(name) for name, value in body.items() if _encode(value) is None]
        raise create_input_error(f"{' and '.join(names)} can't be encoded as JSON", operation)
    return content


def _encode(value: object) -> bytes | None:
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError):
        return None


def _show_name(name: str) -> str:
    # A name can be a value that was put in the wrong place.
    return name if re.fullmatch(r"[A-Za-z_]{1,40}", name) else "(name hidden)"


def describe_unknown(name: str, what: str, known: list[str]) -> str:
    """Returns the message for an unknown name, with the closest known one."""
    plain = {one.replace("_", ""): one for one in known}
    close = get_close_matches(name.lower().replace("_", ""), plain, n=1, cutoff=0.7)
    hint = f"Did you mean {plain[close[0]]}?" if close else f"Use one of {', '.join(known)}"
    return f"{_show_name(name)} isn't {what}. {hint}"


def parse_base_url(base_url: object, http_hosts: object = ()) -> str:
    """Returns the URL of a server without a trailing slash.

    Args:
        base_url: The URL. It must use https, or http on the loopback interface.
        http_hosts: The hosts that http works for, besides the loopback interface.
    """
    hosts = [http_hosts] if isinstance(http_hosts, str) else http_hosts
    if not isinstance(hosts, Iterable):
        raise create_input_error("http_hosts must be a list of hosts")
    url = _read_url(base_url)
    host = url.host if url else ""
    is_loopback = re.fullmatch(r"(?:.+\.)?localhost|127(?:\.[0-9]{1,3}){3}|::1", host) is not None
    is_http_allowed = is_loopback or host in hosts
    is_allowed = url is not None and (url.scheme == "https" or (url.scheme == "http" and is_http_allowed))
    if url is None or not is_allowed or not host or url.userinfo or re.search(r"[?#\\\s]", str(base_url)):
        raise create_input_error(
            "base_url must start with https:// (http:// works only for localhost and http_hosts) "
            "and can't contain credentials, a query, a fragment or spaces"
        )
    return str(url).rstrip("/")


def _read_url(base_url: object) -> httpx.URL | None:
    try:
        return httpx.URL(base_url) if isinstance(base_url, str) else None
    except (httpx.InvalidURL, ValueError):
        return None


def is_token(token: object) -> bool:
    """Whether a value can be sent as a bearer token."""
    return isinstance(token, str) and re.fullmatch(r"[\x21-\x7e]+", token) is not None


TOKEN_RULE = 'must be visible ASCII without "Bearer" and spaces'  # noqa: S105


def fill_path(path: str, ids: Mapping[str, object], operation: str) -> str:
    """Inserts the ids into a path template."""
    for name, value in ids.items():
        text = _read_id(value)
        if text is None:
            raise create_input_error(f"{name} must be a whole number from 1 to 2^63-1", operation)
        path = path.replace(f"{{{name}}}", text)
    return path


def _read_id(value: object) -> str | None:
    """Returns the digits of an id. A subclass of `str` or `int` could have another text than its value."""
    if isinstance(value, int) and is_whole(value):
        return int.__repr__(value) if 0 < value < _INT64 else None
    if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,18}", value) and int(value) < _INT64:
        return str.__str__(value)
    return None


def is_pause(value: object) -> bool:
    """Whether a value is a number of seconds that a program can wait."""
    return is_number(value) and math.isfinite(value) and 0 <= value <= LONGEST_SECONDS  # type: ignore[operator, arg-type]
