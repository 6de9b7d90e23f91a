"""Provides the tokens for requests. Calls that need a token at the same time share one token request."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from ._core import Connection
from ._effects import Acquire, Run, Steps
from ._errors import Hidden, Progress, RecoveryConnectError, create_error, create_input_error
from ._guard import strip
from ._input import TOKEN_RULE, is_token


@dataclass(frozen=True)
class TokenRequest:
    """The argument of a token function."""

    base_url: str
    """The client's base URL."""
    timeout: float
    """The time that is left for the call, in seconds."""
    _rejected: Hidden

    @property
    def rejected(self) -> str | None:
        """The token that the API rejected with a 401, if any. Return a different one."""
        return self._rejected.value  # type: ignore[no-any-return]


TokenProvider = Callable[[TokenRequest], str | Awaitable[str]]
"""Returns a token.

The client calls the function before each call, and once more with `rejected` after a 401. It never calls it twice at a
time, and calls that wait at the same time share the result, so the token must not depend on who calls. The function is
responsible for caching. An `AsyncClient` also takes a coroutine function. A `Client` can't interrupt a function, so
give it a timeout of its own: `request.timeout` is the time that is left.

Example:
    def read_token(request: TokenRequest) -> str:
        return secrets.read("recoveryconnect", refresh=request.rejected is not None)
"""


class TokenSource:
    """The token of a client, or the function that provides it.

    Args:
        token: The token, a function, or a `LoginToken`.
        lock: The lock that the driver can acquire.

    Raises:
        InvalidInputError: if the token can't be sent in an HTTP header.
    """

    def __init__(self, token: object, lock: Any) -> None:
        if not _is_provider(token) and not is_token(token):
            raise create_input_error(f"token {TOKEN_RULE}, a function that returns a token, or a LoginToken")
        self._source = Hidden(token)
        self._lock = lock
        # How many token requests have finished, and the token or the exception of the last one.
        self._finished = 0
        self._outcome: Hidden = Hidden()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client can't be copied or pickled. Threads can share one, and each process needs its own")

    def get(self, rejected: str | None, end: float, connection: Connection, progress: Progress) -> Steps[str]:
        """Returns the current token, or a different one if the API rejected a token.

        Raises:
            TokenUnavailableError: if the token function fails.
            ApiTimeoutError: if it takes too long.
            AbortedError: if the client is closed.
        """
        if not _is_provider(self._source.value):
            return self._source.value  # type: ignore[no-any-return]
        seen = self._finished
        outcome: object = None
        if not connection.driver.is_closed and (yield Acquire(self._lock, end - time.monotonic())):
            try:
                outcome = self._find_shared(seen, rejected)
                if outcome is None:
                    outcome = yield from self._request(rejected, end, connection)
                    self._outcome = Hidden(outcome)
                    self._finished += 1
            finally:
                self._lock.release()
        if isinstance(outcome, str):
            return outcome
        if connection.driver.is_closed:
            raise create_error("aborted", "the client was closed", progress)
        if time.monotonic() >= end:
            raise create_error("timeout", "no token within total_timeout", progress, scope="total")
        why = f": {outcome}" if isinstance(outcome, RecoveryConnectError) else ""
        raise create_error("token_unavailable", f"couldn't get a token{why}", progress, hidden={"reason": outcome})

    def _find_shared(self, seen: int, rejected: str | None) -> object:
        """Returns the outcome of a request that ended in the meantime, or the token that replaced a rejected one."""
        latest = self._outcome.value
        if rejected is None or isinstance(latest, BaseException):
            return latest if self._finished > seen else None
        return latest if latest != rejected else None

    def _request(self, rejected: str | None, end: float, connection: Connection) -> Steps[object]:
        """Calls the token function. Returns what it raises."""
        provider = self._source.value
        request = TokenRequest(connection.base_url, max(0.0, end - time.monotonic()), Hidden(rejected))
        if hasattr(provider, "steps"):
            try:
                return (yield from provider.steps(request, connection))
            except RecoveryConnectError as error:
                return strip(error)
        token: object = yield Run(lambda: provider(request), request.timeout)
        if isinstance(token, BaseException) or is_token(token):
            return token
        return create_input_error(f"the token {TOKEN_RULE}")


def _is_provider(token: object) -> bool:
    return callable(token) or hasattr(token, "steps")


if TYPE_CHECKING:
    from ._login import LoginToken

    Token = str | TokenProvider | LoginToken
