"""The clients."""

from __future__ import annotations

import copy
import ssl
import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import anyio
import httpx

from ._core import Connection
from ._errors import create_input_error
from ._generated import SERVER_URL, VERSION, AsyncResources, Resources
from ._guard import hide_frames
from ._input import parse_base_url
from ._network import use_async_network, use_network
from ._options import CallOptions, Settings, merge_settings, user_agent
from ._tokens import TokenSource
from ._transport import AsyncDriver, Driver, build_transport_options

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from ._tokens import Token

C = TypeVar("C", bound="Client | AsyncClient")


_OWN_OPTIONS = ("token", "base_url", "http_hosts", "app_info", "trust_env", "verify", "transport")


class Client(Resources):
    """A client for the API. Threads can share it.

    Its resources are `borrowers`, `borrower_addresses`, `borrower_phones` and `authentication`.

    Use it in a `with` statement, or call `close` when you no longer need it.

    Args:
        token: The bearer token without `Bearer`, a function that returns it (see `TokenProvider`), or a `LoginToken`.
        base_url: The URL of the server, including a path if a proxy adds one. It must use https, or http on the
            loopback interface. It can't have credentials or a query. Default: the production server.
        http_hosts: Other hosts that `base_url` may use http for, such as `["sandbox"]` in Docker Compose. Everybody on
            the network between you and such a host can read the token and the personal data. Default: none.
        app_info: The name of your program, such as `example-dialer/2.1.0`. It goes into `User-Agent`.
        trust_env: Whether to use the proxy and the certificates that environment variables name, such as
            `HTTPS_PROXY` and `SSL_CERT_FILE`. Default: `False`.
        verify: The certificates to trust, such as `ssl.create_default_context(cafile="company.pem")`. Default: those
            of the package `certifi`.
        transport: An httpx transport, for tests. With it, `trust_env` and `verify` have no effect, and it's responsible
            for timeouts. Default: a transport that keeps connections open.
        options: See `CallOptions`. Timeouts are in seconds.

    Raises:
        InvalidInputError: if an option is invalid.

    Example:
        with Client(token=token) as client:
            phones = client.borrower_phones.list(order_id=57062885, borrower_id=124927241)["data"]
    """

    @hide_frames
    def __init__(
        self,
        *,
        token: Token,
        base_url: str | None = None,
        http_hosts: Iterable[str] = (),
        app_info: str | None = None,
        trust_env: bool = False,
        verify: ssl.SSLContext | None = None,
        transport: httpx.BaseTransport | None = None,
        **options: Unpack[CallOptions],
    ) -> None:
        tokens = TokenSource(token, threading.Lock())
        _check_network(trust_env, verify, transport, "handle_request")
        server, settings = _read_options(base_url, http_hosts, app_info, options)
        interrupt = None
        if transport is None:
            transport = httpx.HTTPTransport(**build_transport_options(server, trust_env=trust_env, verify=verify))
            interrupt = use_network(transport)
        self._connect(Connection(server, settings, tokens, Driver(transport, interrupt)))

    @hide_frames
    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """Returns a copy with other options. It shares the token and the connections with this client.

        Closing one of them closes both.

        Example:
            client.with_options(total_timeout=5).borrower_phones.list(order_id=57062885, borrower_id=124927241)
        """
        return _copy(self, options)

    def close(self) -> None:
        """Closes the connections. Calls that are in progress end with an `AbortedError`."""
        self._connection.driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(AsyncResources):
    """A client for asyncio and trio, with the options and methods of `Client`. Its calls are coroutines.

    Use it in an `async with` statement, or await `aclose` when you no longer need it. Use it in one event loop only.
    You can cancel a call at any time. It closes its connection, and the exception reaches you unchanged. If the call
    was a create, the API may have carried it out: pass the exception to `create_outcome`.

    Example:
        async with AsyncClient(token=token) as client:
            phones = (await client.borrower_phones.list(order_id=57062885, borrower_id=124927241))["data"]
    """

    @hide_frames
    def __init__(
        self,
        *,
        token: Token,
        base_url: str | None = None,
        http_hosts: Iterable[str] = (),
        app_info: str | None = None,
        trust_env: bool = False,
        verify: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        **options: Unpack[CallOptions],
    ) -> None:
        tokens = TokenSource(token, anyio.Lock())
        _check_network(trust_env, verify, transport, "handle_async_request")
        server, settings = _read_options(base_url, http_hosts, app_info, options)
        if transport is None:
            transport = httpx.AsyncHTTPTransport(**build_transport_options(server, trust_env=trust_env, verify=verify))
            use_async_network(transport)
        self._connect(Connection(server, settings, tokens, AsyncDriver(transport)))

    @hide_frames
    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """Returns a copy with other options. See `Client.with_options`."""
        return _copy(self, options)

    async def aclose(self) -> None:
        """Closes the connections. Calls that are in progress end with an `AbortedError`."""
        await self._connection.driver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _read_options(
    base_url: str | None, http_hosts: Iterable[str], app_info: str | None, options: CallOptions
) -> tuple[str, Settings]:
    server = parse_base_url(SERVER_URL if base_url is None else base_url, http_hosts)
    defaults = Settings(headers={"user-agent": user_agent(app_info, VERSION)})
    return server, merge_settings(options, defaults, other_names=_OWN_OPTIONS)


def _check_network(trust_env: object, verify: object, transport: object, method: str) -> None:
    if not isinstance(trust_env, bool):
        raise create_input_error("trust_env must be True or False")
    if verify is not None and not isinstance(verify, ssl.SSLContext):
        raise create_input_error("verify must be an ssl.SSLContext")
    if transport is not None and not hasattr(transport, method):
        raise create_input_error(f"transport must be an httpx transport with the method {method}")


def _copy(client: C, options: CallOptions) -> C:
    connection = client._connection
    clone = copy.copy(client)
    clone._connect(replace(connection, settings=merge_settings(options, connection.settings)))
    return clone
