"""Carries out a call without doing any I/O: what to send, when to wait, when to stop.

`call` is a generator. It yields what it needs, such as a request to send, and receives the result. The drivers in
`_transport.py` do the I/O, one with threads and one with tasks, so that `Client` and `AsyncClient` share this code.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ._effects import Failure, Operation, Pause, Reply, Send, Steps
from ._errors import AbortedError, Progress, RecoveryConnectError, create_error
from ._input import check_body, encode_body, fill_path
from ._options import AttemptEvent, Settings, WaitEvent
from ._response import is_cleared, read_response
from ._retry import choose_pause, is_idempotent

if TYPE_CHECKING:
    import httpx

    from ._tokens import TokenSource

T = TypeVar("T")
logger = logging.getLogger("recoveryconnect")


@dataclass(frozen=True, repr=False)
class Connection:
    """What a call needs besides its input. Clients that share tokens and connections have copies of it."""

    base_url: str
    settings: Settings
    tokens: TokenSource
    driver: Any


@dataclass(frozen=True, repr=False)
class Observation:
    """The last response of a call that succeeded."""

    status: int
    headers: httpx.Headers
    attempts: int


observed: ContextVar[list[Observation] | None] = ContextVar("recoveryconnect_observed", default=None)
"""Where a call records its response, for `with_response`."""


def call(connection: Connection, operation: Operation[T], ids: Mapping[str, object], body: dict[str, Any]) -> Steps[T]:
    """Calls an operation.

    Args:
        connection: The client's connection.
        operation: The operation.
        ids: The values for its path.
        body: The fields of its body. The call empties it, so that no traceback shows them.

    Raises:
        RecoveryConnectError: if the call fails.
    """
    progress = Progress(operation.id)
    settings = connection.settings
    end = time.monotonic() + settings.total_timeout
    try:
        if not settings.allow_unknown_keys:
            check_body(body, operation.fields, operation.id)
        url = connection.base_url + fill_path(operation.path, ids, operation.id)
        flags = {name: value for name, value in body.items() if operation.fields.get(name) == "flag"}
        content = encode_body(body, operation.id) if operation.fields else None
    finally:
        body.clear()
    cleared = any(is_cleared(name, sent) for name, sent in flags.items())
    request = _Request(
        connection=connection,
        operation=operation,
        progress=progress,
        url=url,
        content=content,
        is_repeatable=is_idempotent(operation.method) and (settings.retry_cleared_flags or not cleared),
        end=end,
    )
    reply = yield from _send_repeatedly(request)
    result = read_response(operation, flags, reply, progress, settings.check_response)
    if isinstance(result, RecoveryConnectError):
        raise result
    observer = observed.get()
    if observer is not None:
        observer.append(Observation(reply.status, reply.headers, progress.attempts))
    return result  # type: ignore[no-any-return]


@dataclass(slots=True, repr=False, eq=False)
class _Request:
    """A request and how far it has come."""

    connection: Connection
    operation: Operation[Any]
    progress: Progress
    url: str
    content: bytes | None
    is_repeatable: bool
    end: float


def _send_repeatedly(request: _Request) -> Steps[Reply]:
    """Sends a request, and retries it as long as that is safe and there is time left."""
    settings, tokens, progress = request.connection.settings, request.connection.tokens, request.progress
    needs_token = not request.operation.anonymous
    token = (yield from tokens.get(None, request.end, request.connection, progress)) if needs_token else None
    is_renewed = False
    attempt = 1
    while True:
        outcome = yield from _send_attempt(request, token)
        status = outcome.status if isinstance(outcome, Reply) else None
        if status == 401 and token and not is_renewed:
            is_renewed = True
            renewed = yield from tokens.get(token, request.end, request.connection, progress)
            if renewed != token:
                token = renewed
                continue
        # A closed client and an elapsed total timeout end the call.
        is_final = isinstance(outcome, AbortedError) or getattr(outcome, "scope", None) == "total"
        seconds = float("inf")
        if attempt < settings.max_attempts and not is_final:
            seconds = choose_pause(
                status=status,
                headers=outcome.headers if isinstance(outcome, Reply) else {},
                is_repeatable=request.is_repeatable,
                attempt=attempt,
            )
        if seconds >= request.end - time.monotonic():
            if isinstance(outcome, RecoveryConnectError):
                raise outcome
            return outcome
        attempt += 1
        yield from _wait(progress, seconds, settings)


def _wait(progress: Progress, seconds: float, settings: Settings) -> Steps[None]:
    logger.debug("%s: waiting %.3f s before attempt %d", progress.operation, seconds, progress.attempts + 1)
    _notify(settings.on_wait, WaitEvent(progress.operation, progress.attempts + 1, seconds))
    yield from pause(progress, seconds)


def pause(progress: Progress, seconds: float) -> Steps[None]:
    """Waits.

    Raises:
        AbortedError: if the client is closed in the meantime.
    """
    if (yield Pause(seconds)):
        raise create_error("aborted", "the client was closed", progress)


def _send_attempt(request: _Request, token: str | None) -> Steps[Reply | RecoveryConnectError]:
    """Sends one attempt within its timeout. Returns an error instead of raising it."""
    settings, progress = request.connection.settings, request.progress
    start = time.monotonic()
    left = request.end - start
    is_attempt = settings.attempt_timeout < left
    if left <= 0:
        return _create_timeout(progress, "total")
    progress.attempts += 1
    outcome: Reply | Failure = yield Send(
        request.operation.method,
        request.url,
        _build_headers(settings, token, request.content),
        request.content,
        settings.attempt_timeout if is_attempt else left,
        settings.max_response_bytes,
    )
    status = outcome.status if isinstance(outcome, Reply) else None
    if (isinstance(outcome, Failure) and outcome.is_sent) or (status is not None and (status == 408 or status > 451)):
        progress.may_have_been_carried_out = True
    seconds = time.monotonic() - start
    if logger.isEnabledFor(logging.DEBUG):
        shown = "no complete response" if status is None else status
        logger.debug("%s: attempt %d: %s after %.3f s", progress.operation, progress.attempts, shown, seconds)
    if settings.on_attempt:
        _notify(settings.on_attempt, AttemptEvent(progress.operation, progress.attempts, status, seconds))
    if isinstance(outcome, Reply):
        return outcome
    hidden = {"reason": outcome.reason}
    if outcome.is_closed:
        return create_error("aborted", "the client was closed", progress, hidden=hidden)
    if outcome.is_timeout:
        return _create_timeout(progress, "attempt" if is_attempt else "total", hidden)
    shown = f" ({outcome.code})" if outcome.code else ""
    return create_error("connection", f"no complete response{shown}", progress, hidden=hidden, code=outcome.code)


def _build_headers(settings: Settings, token: str | None, content: bytes | None) -> dict[str, str]:
    # Other encodings can't be decompressed step by step, so a small body could fill the memory.
    headers = {**settings.headers, "accept": "application/json", "accept-encoding": "gzip"}
    headers.pop("authorization", None)
    headers.pop("content-type", None)
    if token:
        # A format string would send what a subclass of `str` shows, such as asterisks.
        headers["authorization"] = "Bearer " + token
    if content:
        headers["content-type"] = "application/json"
    return headers


def _create_timeout(
    progress: Progress, scope: Literal["attempt", "total"], hidden: dict[str, Any] | None = None
) -> RecoveryConnectError:
    message = f"no complete response within {scope}_timeout"
    return create_error("timeout", message, progress, hidden=hidden, scope=scope)


def _notify(hooks: Iterable[Callable[[Any], object]], event: object) -> None:
    """Calls hooks and ignores their exceptions, so that a hook can't break a call."""
    for hook in hooks:
        try:
            hook(event)
        except Exception as reason:
            logger.debug("a hook raised %s", type(reason).__name__)
