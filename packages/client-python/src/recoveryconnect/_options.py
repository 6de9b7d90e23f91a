"""Checks the options of a client. No message contains a value: it could be a secret."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

from ._errors import create_input_error
from ._input import LONGEST_SECONDS, describe_unknown, is_number, is_whole

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


_OPTIONS = list(CallOptions.__annotations__)
_LARGEST_COUNT = 2**31 - 1


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
            raise create_input_error(describe_unknown(name, "an option", [*other_names, *_OPTIONS]))
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
        if is_number(value) and 0 < value <= LONGEST_SECONDS:
            return None
        return f"{name} must be a number of seconds, more than 0 and at most {LONGEST_SECONDS}"
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
