"""Does the I/O that a call asks for: one driver with blocking calls, one with asyncio or trio."""

from __future__ import annotations

import functools
import inspect
import ssl
import threading
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio
import httpx

from ._body import BodyReader
from ._effects import Acquire, Effect, Failure, Pause, Reply, Run, Send, Steps
from ._failures import describe_failure
from ._guard import hide_async_frames, hide_frames
from ._network import deadline

T = TypeVar("T")
_UNCLOSED = "{} wasn't closed. Use it in {} statement, or call `{}`"


def build_transport_options(base_url: str, *, trust_env: bool, verify: ssl.SSLContext | None) -> dict[str, Any]:
    """Returns the options of an httpx transport. With `trust_env`, the environment chooses proxy and certificates."""
    options: dict[str, Any] = {"trust_env": trust_env, "retries": 0}
    if verify is not None or not trust_env:
        options["verify"] = verify or _create_ssl_context()
    if trust_env:
        url = httpx.URL(base_url)
        proxies = urllib.request.getproxies()
        if not urllib.request.proxy_bypass(url.host):
            proxy = proxies.get(url.scheme) or proxies.get("all")
            # Other programs use http for a proxy without a scheme.
            options["proxy"] = f"http://{proxy}" if proxy and "://" not in proxy else proxy
    return options


@functools.cache
def _create_ssl_context() -> ssl.SSLContext:
    """Creates the default context once, because that takes tens of milliseconds and blocks an event loop."""
    return httpx.create_ssl_context(trust_env=False)


class Driver:
    """Runs calls in the thread of the caller."""

    def __init__(self, transport: httpx.BaseTransport, interrupt: Callable[[], None] | None = None) -> None:
        self._transport = transport
        self._interrupt = interrupt
        self._closed = threading.Event()

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed.is_set()

    def close(self) -> None:
        """Closes the connections, and ends the calls in progress."""
        self._closed.set()
        if self._interrupt:
            self._interrupt()
        self._transport.close()

    def __del__(self) -> None:
        if not self.is_closed:
            warnings.warn(_UNCLOSED.format("a Client", "a `with`", "close"), ResourceWarning, source=self, stacklevel=2)
            self._transport.close()

    @hide_frames
    def run(self, steps: Steps[T]) -> T:
        """Runs a call."""
        try:
            effect = next(steps)
            while True:
                effect = steps.send(self._perform(effect))
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        finally:
            steps.close()

    def _perform(self, effect: Effect) -> Any:
        if isinstance(effect, Send):
            return self._send(effect)
        if isinstance(effect, Pause):
            return self._closed.wait(effect.seconds)
        if isinstance(effect, Acquire):
            return effect.lock.acquire(timeout=max(0.0, effect.seconds))
        return self._call(effect)

    def _call(self, effect: Run) -> Any:
        try:
            result = effect.function()
        except Exception as reason:
            return reason
        if inspect.iscoroutine(result):
            result.close()
            return TypeError("a Client needs a function that isn't async. Use an AsyncClient")
        return result

    def _send(self, send: Send) -> Reply | Failure:
        if self.is_closed:
            return Failure(None, is_sent=False, is_closed=True)
        previous = deadline.set(time.monotonic() + send.seconds)
        try:
            response = self._transport.handle_request(_build_request(send))
            try:
                reader = BodyReader(response, send.limit)
                for chunk in response.stream:  # type: ignore[union-attr]
                    if not reader.feed(chunk):
                        break
                return reader.finish()
            finally:
                response.close()
        except Exception as reason:
            return describe_failure(reason, is_closed=self.is_closed)
        finally:
            deadline.reset(previous)


class AsyncDriver:
    """Runs calls in the task of the caller."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self._waits: set[anyio.CancelScope] = set()
        self.is_closed = False

    async def close(self) -> None:
        """Closes the connections, and ends the calls in progress."""
        self.is_closed = True
        for wait in self._waits:
            wait.cancel()
        await self._transport.aclose()

    def __del__(self) -> None:
        if not self.is_closed:
            warnings.warn(
                _UNCLOSED.format("an AsyncClient", "an `async with`", "aclose"),
                ResourceWarning,
                source=self,
                stacklevel=2,
            )

    @hide_async_frames
    async def run(self, steps: Steps[T]) -> T:
        """Runs a call."""
        try:
            effect = next(steps)
            while True:
                effect = steps.send(await self._perform(effect))
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        finally:
            steps.close()

    async def _perform(self, effect: Effect) -> Any:
        if isinstance(effect, Send):
            return await self._send(effect)
        if isinstance(effect, Pause):
            with self._wait(effect.seconds):
                await anyio.sleep(effect.seconds)
            return self.is_closed
        if isinstance(effect, Acquire):
            with self._wait(effect.seconds) as wait:
                await effect.lock.acquire()
            return not wait.cancelled_caught
        return await self._call(effect)

    @contextmanager
    def _wait(self, seconds: float) -> Iterator[anyio.CancelScope]:
        """Ends what is in it when the time is up, and when the client is closed."""
        with anyio.move_on_after(seconds) as scope:
            self._waits.add(scope)
            try:
                yield scope
            finally:
                self._waits.remove(scope)

    async def _call(self, effect: Run) -> Any:
        with self._wait(effect.seconds):
            try:
                result = effect.function()
                return await result if inspect.isawaitable(result) else result
            except Exception as reason:
                return reason
        return TimeoutError()

    async def _send(self, send: Send) -> Reply | Failure:
        if self.is_closed:
            return Failure(None, is_sent=False, is_closed=True)
        started: list[bool] = []

        async def trace(event: str, info: Mapping[str, Any]) -> None:
            # A proxy gets a CONNECT first.
            if event == "http11.send_request_headers.started" and info["request"].method != b"CONNECT":
                started.append(True)

        with self._wait(send.seconds):
            try:
                request = _build_request(send)
                request.extensions["trace"] = trace
                if send.content:
                    request.stream = _Content(send.content)
                response = await self._transport.handle_async_request(request)
                try:
                    return await _read(response, send.limit)
                finally:
                    await response.aclose()
            except Exception as reason:
                return describe_failure(reason, is_closed=self.is_closed)
        is_sent = bool(started) or not isinstance(self._transport, httpx.AsyncHTTPTransport)
        return Failure(None, is_sent=is_sent, is_timeout=True, is_closed=self.is_closed)


class _Content(httpx.AsyncByteStream):
    """A request body. That of httpx is an async generator, and trio warns if a canceled request leaves it open."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._is_read = False

    def __aiter__(self) -> _Content:
        return _Content(self._content)

    async def __anext__(self) -> bytes:
        if self._is_read:
            raise StopAsyncIteration
        self._is_read = True
        return self._content


async def _read(response: httpx.Response, limit: int) -> Reply:
    reader = BodyReader(response, limit)
    try:
        async for chunk in response.stream:  # type: ignore[union-attr]
            if not reader.feed(chunk):
                # Ends the iteration with an exception. Otherwise, the garbage collector would have to end it later.
                await response.aclose()
    except Exception:
        if not reader.is_full:
            raise
    return reader.finish()


def _build_request(send: Send) -> httpx.Request:
    # Only the time to connect and to get a connection matters here. The driver watches the whole attempt.
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), send.seconds)
    return httpx.Request(
        send.method, send.url, headers=send.headers, content=send.content, extensions={"timeout": timeout}
    )
