"""Checks input before anything is sent. No message contains a value: it could be a secret or a phone number."""

from __future__ import annotations

import inspect
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Literal, TypedDict

import httpx

from ._errors import create_input_error

Id = int | str
"""An id, as the API returns it: a whole number from 1 to 2^63 - 1, as an `int` or as text."""

ResponseCheck = Callable[[str, Any], "Iterable[str] | None"]
"""Validates a response body. Takes the `operationId` and the body.

Returns the paths that don't match the schema, such as `data.0.number`, and never the values. Returns nothing if the
response is valid.
"""


@dataclass(frozen=True)
class AttemptEvent:
    """What `on_attempt` receives after each attempt. Without a complete response, `status` is `None`."""

    operation: str
    attempt: int
    status: int | None
    seconds: float
    """How long the attempt took, including the body."""


@dataclass(frozen=True)
class WaitEvent:
    """What `on_wait` receives before each pause. `attempt` is the number of the attempt that follows."""

    operation: str
    attempt: int
    seconds: float


class CallOptions(TypedDict, total=False):
    """Options for a client and for all of its calls. `with_options` changes them for some of the calls."""

    attempt_timeout: float
    """The timeout for one attempt, including the body, in seconds. Default: 10."""
    total_timeout: float
    """The timeout for the whole call, including pauses and the token, in seconds. Default: 60."""
    max_attempts: int
    """The maximum number of attempts, 1 or more. Default: 3. A create is retried only after a 429.

    Renewing the token allows one extra request.
    """
    max_response_bytes: int
    """The maximum size of a response body after decompression, in bytes. Default: 1,048,576."""
    headers: Mapping[str, str | None]
    """Extra request headers. `with_options` replaces them by name, and `None` removes one.

    The client always sets `Accept`, `Accept-Encoding`, `Authorization` and, with a body, `Content-Type` itself.
    """
    on_attempt: Callable[[AttemptEvent], object]
    """A function to call after each attempt. It never receives headers or bodies. Its exceptions are ignored."""
    on_wait: Callable[[WaitEvent], object]
    """A function to call before each pause. Its exceptions are ignored."""
    allow_unknown_keys: bool
    """Whether to send unknown body fields, and flags other than 0 and 1. Default: `False`; they raise."""
    retry_cleared_flags: bool
    """Whether to retry an update with `no_contact=0` or `valid=1` after a lost response.

    Default: `False`, because the retry could clear a do-not-contact flag that someone set in the meantime.
    """
    check_response: ResponseCheck | None
    """Validates each response. See `check_responses`. Default: no validation."""


@dataclass(frozen=True, repr=False)
class Settings:
    """The options of a call, together with those of its client."""

    attempt_timeout: float = 10.0
    total_timeout: float = 60.0
    max_attempts: int = 3
    max_response_bytes: int = 1_048_576
    headers: Mapping[str, str] = field(default_factory=dict)
    on_attempt: tuple[Callable[[AttemptEvent], object], ...] = ()
    on_wait: tuple[Callable[[WaitEvent], object], ...] = ()
    allow_unknown_keys: bool = False
    retry_cleared_flags: bool = False
    check_response: ResponseCheck | None = None


FieldKind = Literal["flag", "any"]

_OPTIONS = list(CallOptions.__annotations__)
_LONGEST_SECONDS = 2_147_483
_LARGEST_COUNT = 2**31 - 1
_INT64 = 2**63


def merge_settings(options: Mapping[str, Any], base: Settings, *, other_names: tuple[str, ...] = ()) -> Settings:
    """Merges options into the settings of a client. The hooks of both run.

    Args:
        options: The options.
        base: The settings of the client.
        other_names: The other options that the caller takes. A typo can be one of them.

    Raises:
        InvalidInputError: if an option is unknown or has an invalid value.
    """
    changes: dict[str, Any] = {}
    for name, value in options.items():
        if name not in _OPTIONS:
            raise create_input_error(_describe_unknown(name, "an option", [*other_names, *_OPTIONS]))
        problem = _find_option_problem(name, value)
        if problem:
            raise create_input_error(problem)
        if name == "headers":
            changes[name] = _merge_headers(base.headers, value)
        elif name in ("on_attempt", "on_wait"):
            changes[name] = (*getattr(base, name), value)
        else:
            changes[name] = value
    return replace(base, **changes)


def _find_option_problem(name: str, value: Any) -> str | None:
    if name.endswith("_timeout"):
        if _is_number(value) and 0 < value <= _LONGEST_SECONDS:
            return None
        return f"{name} must be a number of seconds, more than 0 and at most {_LONGEST_SECONDS}"
    if name.startswith("max_"):
        if is_whole(value) and 1 <= value <= _LARGEST_COUNT:
            return None
        return f"{name} must be a whole number from 1 to {_LARGEST_COUNT}"
    if name == "headers":
        return None if isinstance(value, Mapping) else "headers must be a dict of names and values"
    if name in ("allow_unknown_keys", "retry_cleared_flags"):
        return None if isinstance(value, bool) else f"{name} must be True or False"
    is_missing = value is None and name == "check_response"
    is_function = callable(value) and not inspect.iscoroutinefunction(value)
    return None if is_function or is_missing else f"{name} must be a regular function, not a coroutine function"


_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?")
# They frame the message. A wrong value would make the server misread the connection.
_FRAMING = {"connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade"}


def _merge_headers(base: Mapping[str, str], given: Mapping[Any, Any]) -> dict[str, str]:
    merged = dict(base)
    for name, value in given.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name) or name.lower() in _FRAMING:
            raise create_input_error("headers contains an invalid name, or one that frames the message, such as Host")
        if value is None:
            merged.pop(name.lower(), None)
        elif isinstance(value, str) and (value == "" or _HEADER_VALUE.fullmatch(value)):
            merged[name.lower()] = value
        else:
            raise create_input_error("the values of headers must be visible ASCII text, or None")
    return merged


def user_agent(app_info: object, version: str) -> str:
    """Returns the `User-Agent` of a client."""
    own = f"recoveryconnect-python/{version}"
    if app_info is None:
        return own
    if isinstance(app_info, str) and _HEADER_VALUE.fullmatch(app_info):
        return f"{app_info} {own}"
    raise create_input_error("app_info must be visible ASCII text, such as example-dialer/2.1.0")


def check_body(body: Mapping[str, Any], fields: Mapping[str, FieldKind], operation: str) -> None:
    """Rejects unknown fields, flags other than 0 and 1, and numbers that aren't whole."""
    for name, value in body.items():
        kind = fields.get(name)
        if kind is None:
            raise create_input_error(_describe_unknown(name, "a field of the body", list(fields)), operation)
        if kind == "flag" and not (is_whole(value) and value in (0, 1)):
            raise create_input_error(f"{name} must be 0 or 1", operation)
        if _is_number(value) and not (is_whole(value) and -_INT64 <= value < _INT64):
            raise create_input_error(f"{name} must be a whole number from -2^63 to 2^63-1", operation)


def is_whole(value: object) -> bool:
    """Whether a value is an `int`. `True` and `False` aren't."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
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


def _describe_unknown(name: str, what: str, known: list[str]) -> str:
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
    return _is_number(value) and math.isfinite(value) and 0 <= value <= _LONGEST_SECONDS  # type: ignore[operator, arg-type]
