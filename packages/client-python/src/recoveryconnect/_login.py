"""Gets tokens from the vendor's login and renews them before they expire."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from ._core import Connection, call
from ._effects import Steps
from ._errors import Hidden, RecoveryConnectError, create_input_error
from ._generated import CREATE_ACCESS_TOKEN
from ._guard import hide_frames
from ._input import TOKEN_RULE, is_pause, is_token, parse_base_url
from ._options import CallOptions, Settings, merge_settings
from ._tokens import TokenRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Unpack


_OWN_OPTIONS = ("username", "password", "base_url", "http_hosts", "renew_before", "retry_rejected_after")


class LoginToken:
    """Logs in with `POST /api/v140/auth`. Pass it as the `token` of a client.

    It logs in when a token is first needed, caches the token until shortly before it expires, and logs in again if the
    API rejects it. It doesn't use the `refresh_token`, because the vendor doesn't document how to use it.

    A login isn't retried after a lost connection: the call fails with `TokenUnavailableError`, and the next call logs
    in again. If the API rejects the login (a 4xx other than 408 and 429), calls fail for five minutes without another
    login, so that a wrong password doesn't lock the account. For other credentials, use another client.

    Clients and threads can share a `LoginToken`. It keeps a token for each server.

    Args:
        username: The name of the user account.
        password: The password of the account.
        base_url: The server to log in to. Default: the client's server.
        http_hosts: Other hosts that `base_url` may use http for. See `Client`.
        renew_before: How many seconds before a token expires the client renews it. At most half of the token's
            lifetime. Default: 60.
        retry_rejected_after: How many seconds the client waits after a rejected login. Default: 300.
        options: The options of the login calls. Of the client's own options, only the headers apply to them.

    Raises:
        InvalidInputError: if an option is invalid.

    Example:
        client = Client(token=LoginToken(username="example-user", password=password))
    """

    @hide_frames
    def __init__(
        self,
        *,
        username: str,
        password: str,
        base_url: str | None = None,
        http_hosts: Iterable[str] = (),
        renew_before: float = 60.0,
        retry_rejected_after: float = 300.0,
        **options: Unpack[CallOptions],
    ) -> None:
        self._account = Hidden({"username": username, "password": password})
        if not all(isinstance(value, str) and value for value in self._account.value.values()):
            raise create_input_error("username and password must be non-empty strings")
        for name, value in (("renew_before", renew_before), ("retry_rejected_after", retry_rejected_after)):
            if not is_pause(value):
                raise create_input_error(f"{name} must be a number of seconds, 0 or more")
        self._base_url = None if base_url is None else parse_base_url(base_url, http_hosts)
        self._options: dict[str, Any] = dict(options)
        merge_settings(self._options, Settings(), other_names=_OWN_OPTIONS)
        self._renew_before = renew_before
        self._retry_rejected_after = retry_rejected_after
        # By server, because one server must not receive the token of another.
        self._tokens: dict[str, tuple[Hidden, float]] = {}
        self._rejections: dict[str, tuple[RecoveryConnectError, float]] = {}

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a LoginToken can't be copied or pickled. Threads can share one, and each process needs its own"
        )

    def steps(self, request: TokenRequest, connection: Connection) -> Steps[str]:
        """Returns the cached token, or logs in. Only the client uses it."""
        start = time.monotonic()
        server = request.base_url
        cached, renew_at = self._tokens.get(server, (Hidden(), 0.0))
        if cached.value and cached.value != request.rejected and start < renew_at:
            return cached.value  # type: ignore[no-any-return]
        rejection, until = self._rejections.get(server, (None, 0.0))
        if rejection is not None and start < until:
            raise rejection.with_traceback(None)
        try:
            login = yield from call(
                self._connect(request, connection), CREATE_ACCESS_TOKEN, {}, dict(self._account.value)
            )
        except RecoveryConnectError as error:
            if error.status and 400 <= error.status < 500 and error.status not in (408, 429):
                self._rejections[server] = (error, start + self._retry_rejected_after)
            raise
        token = login.get("access_token")
        if not is_token(token):
            raise create_input_error(f"access_token {TOKEN_RULE}", CREATE_ACCESS_TOKEN.id)
        self._tokens[server] = (Hidden(token), start + self._choose_lifetime(login.get("expires_in")))
        return token

    def _connect(self, request: TokenRequest, connection: Connection) -> Connection:
        settings = merge_settings(self._options, Settings(headers=connection.settings.headers))
        timeout = min(settings.total_timeout, request.timeout)
        return replace(
            connection,
            base_url=self._base_url or connection.base_url,
            settings=replace(settings, total_timeout=timeout),
        )

    def _choose_lifetime(self, expires_in: object) -> float:
        """Returns how long to use a token, in seconds. Without `expires_in`, until the API rejects it."""
        try:
            lifetime = float(expires_in)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return math.inf
        return max(lifetime - self._renew_before, lifetime / 2) if lifetime > 0 else math.inf
