"""Real servers on free loopback ports."""

from __future__ import annotations

import atexit
import functools
import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PACKAGES = Path(__file__).parents[2]
ORDER, BORROWER, PHONE = 57062885, 124927241, 39317578

SECRETS = {
    "token": "token-d41d8cd98f",
    "number": "678-555-0142",
    "memo": "ask for the neighbor",
    "firstname": "Averil",
    "lastname": "Exampleson",
    "birthday": "1970-02-03",
    "license_no": "D0142-98765",
    "ssn": "000-12-3456",
    "street": "98 Nowhere Boulevard",
}
"""What no log may show: a token, and personal data. No social security number starts with 000."""


@dataclass
class Request:
    """A request as a server received it."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


Handler = Callable[[socket.socket, Request, int], object]
"""Handles one request: writes a response to the socket, or breaks the connection. Takes the number of the request."""


@dataclass
class Served:
    """A server and what arrived there."""

    url: str
    arrived: list[Request] = field(default_factory=list)
    arrival: threading.Event = field(default_factory=threading.Event)
    """Is set when the first request has arrived."""
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Is released each time a client closes a connection."""


@contextmanager
def serve(handle: Handler) -> Iterator[Served]:
    """Serves HTTP over raw sockets, so that a handler can break it in any way."""
    listener = socket.create_server(("127.0.0.1", 0))
    served = Served(f"http://127.0.0.1:{listener.getsockname()[1]}")
    connections: list[socket.socket] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connections.append(connection)
                threading.Thread(target=_read, args=(connection, served, handle), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield served
    finally:
        # `close` alone doesn't end `accept` in another thread.
        for one in (listener, *connections):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _read(connection: socket.socket, served: Served, handle: Handler) -> None:
    received = b""
    with suppress(OSError):
        while chunk := connection.recv(65_536):
            received += chunk
            while (parsed := _parse(received)) is not None:
                request, received = parsed
                served.arrived.append(request)
                served.arrival.set()
                handle(connection, request, len(served.arrived))
    served.closed.release()


def _parse(received: bytes) -> tuple[Request, bytes] | None:
    head, found, rest = received.partition(b"\r\n\r\n")
    if not found:
        return None
    start, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", 0))
    if len(rest) < length:
        return None
    method, path, _ = start.split(" ")
    return Request(method, path, headers, rest[:length].decode()), rest[length:]


def http(status: int, body: bytes | str = b"", headers: Mapping[str, object] | None = None) -> bytes:
    """Returns the bytes of a response. Its headers may be wrong on purpose."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"{name}: {value}" for name, value in {"content-length": len(content), **(headers or {})}.items()]
    return "\r\n".join([f"HTTP/1.1 {status} Any", *lines, "", ""]).encode() + content


def respond(status: int, value: object, headers: Mapping[str, object] | None = None) -> Handler:
    """Returns a handler that always sends the same JSON."""
    content = http(status, json.dumps(value), {"content-type": "application/json", **(headers or {})})
    return lambda connection, _request, _count: connection.sendall(content)


def reset(connection: socket.socket) -> None:
    """Resets a connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.shutdown(socket.SHUT_RD)
    connection.close()


@functools.cache
def start_sandbox() -> str:
    """Starts the sandbox once for all tests. Returns its URL."""
    return _start("sandbox/src/bin.ts")


@functools.cache
def start_faults() -> str:
    """Starts the fault server once for all tests. Returns its URL."""
    return _start("faults/src/bin.ts")


def run_node(*args: str) -> str:
    """Runs a program of this workspace. Returns what it prints."""
    done = subprocess.run([_node(), *args], cwd=Path(__file__).parent, check=True, capture_output=True, text=True)
    return done.stdout


def _start(program: str) -> str:
    process = subprocess.Popen([_node(), PACKAGES / program, "--port", "0"], stdout=subprocess.PIPE, text=True)
    atexit.register(_stop, process)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "listening on " in line, line
    return line.split()[-1]


def _stop(process: subprocess.Popen[Any]) -> None:
    process.kill()
    process.communicate()


def _node() -> str:
    node = shutil.which("node")
    assert node is not None
    return node
