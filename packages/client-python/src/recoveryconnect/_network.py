"""Opens the connections: they hold deadlines, and never take an earlier response for the one to a request.

The timeouts of httpx start again with every byte, so a server that sends one byte at a time could hold a call for ever.
Here, each read, write and connect of a thread gets only the time that is left. The only thing that can't be interrupted
is the resolution of a hostname. Tasks need no deadlines here, because they can be canceled.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, cast

import anyio
import httpcore
import httpx

deadline: ContextVar[float] = ContextVar("recoveryconnect_deadline")
"""When the current attempt ends, on the monotonic clock."""


def use_network(transport: httpx.HTTPTransport) -> Callable[[], None]:
    """Makes a new transport open its connections here.

    Returns a function that interrupts all threads that wait for the transport. Closing a socket alone doesn't do that.

    Raises:
        RuntimeError: if this version of httpx has another structure.
    """
    backend = _Backend()
    _find_pool(transport)._network_backend = backend
    return backend.interrupt


def use_async_network(transport: httpx.AsyncHTTPTransport) -> None:
    """Does the same for tasks. They can be canceled, so there's nothing to interrupt."""
    _find_pool(transport)._network_backend = _AsyncBackend()


def _find_pool(transport: object) -> Any:
    # httpx has no option for it.
    pool = getattr(transport, "_pool", None)
    if not hasattr(pool, "_network_backend"):
        raise RuntimeError("this version of httpx isn't supported, because its timeouts can't be enforced")
    return pool


class _Pieces:
    """Hands on what was received up to the end of a message. The rest is still unread.

    httpx reads whatever has arrived. If a server sends more than the response, the rest stays in the buffer and becomes
    the response to the next request. With the rest unread, httpx notices it and closes the connection.
    """

    _LONGEST_HEAD = 100_000

    def __init__(self) -> None:
        self.unread = b""
        # What has arrived since the end of the last message or header block.
        self._head = b""
        # The bytes of the body that are still to come.
        self._left = 0

    def take(self) -> bytes:
        """Returns the unread bytes, at most up to the end of a message.

        A header block and a chunked body end with an empty line. Another body ends after `Content-Length`. To return
        less is never wrong, so an empty line within a body does no harm.
        """
        size = len(self.unread)
        if self._left:
            size = min(size, self._left)
            self._left -= size
        else:
            head = self._head + self.unread
            end = head.find(b"\r\n\r\n", max(0, len(self._head) - 3)) + 4
            if end < 4:
                self._head = head if len(head) < self._LONGEST_HEAD else head[-3:]
            else:
                size = end - len(self._head)
                length = re.search(rb"\r\ncontent-length:[ \t]*([0-9]{1,15})\r\n", head[:end], re.IGNORECASE)
                self._left = int(length[1]) if length else 0
                self._head = b""
        piece, self.unread = self.unread[:size], self.unread[size:]
        return piece


def _left(error: type[Exception]) -> float:
    seconds = deadline.get() - time.monotonic()
    if seconds <= 0:
        raise error("the deadline has passed")
    return seconds


class _Backend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()
        self._streams: weakref.WeakSet[_Stream] = weakref.WeakSet()
        self._lock = threading.Lock()

    def interrupt(self) -> None:
        """Shuts down all open connections."""
        with self._lock:
            streams = list(self._streams)
        for stream in streams:
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def add(self, stream: httpcore.NetworkStream) -> _Stream:
        """Wraps a connection."""
        wrapped = _Stream(stream, self)
        with self._lock:
            self._streams.add(wrapped)
        return wrapped

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connects to one address of the host after the other, together within the deadline."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as reason:
            raise httpcore.ConnectError(str(reason)) from reason
        addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
        while True:
            # An address that doesn't respond leaves time for the others.
            seconds = _left(httpcore.ConnectTimeout) / len(addresses)
            address = addresses.pop(0)
            try:
                return self.add(self._backend.connect_tcp(address, port, seconds, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not addresses:
                    raise


class _Stream(httpcore.NetworkStream):
    # A plain socket sends a buffer in parts, each with the whole timeout.
    _WRITE_BYTES = 16_384

    def __init__(self, stream: httpcore.NetworkStream, backend: _Backend) -> None:
        self._stream = stream
        self._backend = backend
        self._pieces = _Pieces()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._pieces.unread:
            self._pieces.unread = self._stream.read(max_bytes, _left(httpcore.ReadTimeout))
        return self._pieces.take()

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), self._WRITE_BYTES):
            self._stream.write(buffer[start : start + self._WRITE_BYTES], _left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        # A handshake has one timeout for all of its messages.
        left = _left(httpcore.ConnectTimeout)
        return self._backend.add(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return (info == "is_readable" and self._pieces.unread != b"") or self._stream.get_extra_info(info)


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    def __init__(self) -> None:
        # It supports asyncio and trio.
        self._backend = cast(httpcore.AsyncNetworkBackend, httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._backend.connect_tcp(host, port, timeout, local_address, socket_options))


class _AsyncStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._pieces = _Pieces()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._pieces.unread:
            self._pieces.unread = await self._stream.read(max_bytes, timeout)
        return self._pieces.take()

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            return _AsyncStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))
        except BaseException:
            # httpcore leaves the socket open if the handshake is canceled.
            with anyio.CancelScope(shield=True):
                await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        return (info == "is_readable" and self._pieces.unread != b"") or self._stream.get_extra_info(info)
