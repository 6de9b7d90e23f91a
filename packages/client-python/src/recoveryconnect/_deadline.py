"""Holds deadlines of blocking sockets.

The timeouts of httpx start again with every byte, so a server that sends one byte at a time could hold a call for ever.
Here, each read, write and connect gets only the time that is left. The only thing that can't be interrupted is the
resolution of a host name.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import httpcore

deadline: ContextVar[float] = ContextVar("recoveryconnect_deadline")
"""When the current attempt ends, on the monotonic clock."""


def _left(error: type[Exception]) -> float:
    seconds = deadline.get() - time.monotonic()
    if seconds <= 0:
        raise error("the deadline has passed")
    return seconds


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens connections whose operations end at the deadline."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

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
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, local_address, socket_options)
            except httpcore.ConnectError:
                continue
        return self._connect(addresses[-1], port, local_address, socket_options)

    def _connect(
        self, address: str, port: int, local_address: str | None, socket_options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        left = _left(httpcore.ConnectTimeout)
        stream = self._backend.connect_tcp(address, port, left, local_address, socket_options)
        return _DeadlineStream(stream)


class _DeadlineStream(httpcore.NetworkStream):
    # A plain socket sends a buffer in parts, each with the whole timeout.
    _WRITE_BYTES = 16_384

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), self._WRITE_BYTES):
            self._stream.write(buffer[start : start + self._WRITE_BYTES], _left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        # A handshake has one timeout for all of its messages.
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(httpcore.ConnectTimeout))
        return _DeadlineStream(stream)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
