"""Timeouts hold whatever a server sends, and nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import anyio
import httpcore
import pytest

from recoveryconnect import (
    AbortedError,
    ApiConnectionError,
    ApiTimeoutError,
    AsyncClient,
    Client,
    TokenRequest,
    UnexpectedResponseError,
    create_outcome,
)
from test.leaks import expect_no_secret
from test.servers import SECRETS, Handler, Request, Served, http, reset, respond, serve
from test.stubs import IDS, NEW_PHONE, RECORD

Run = Callable[..., Any]


def run_thread(served: Served, **options: Any) -> Any:
    """Creates a phone with a `Client`."""
    with Client(token=SECRETS["token"], base_url=served.url, **options) as client:
        return client.borrower_phones.create(**IDS, **NEW_PHONE)


def run_task(served: Served, **options: Any) -> Any:
    """Creates a phone with an `AsyncClient` on asyncio."""
    return asyncio.run(_create(served, options))


def run_trio(served: Served, **options: Any) -> Any:
    """Creates a phone with an `AsyncClient` on trio."""
    return anyio.run(_create, served, options, backend="trio")


async def _create(served: Served, options: dict[str, Any]) -> Any:
    async with AsyncClient(token=SECRETS["token"], base_url=served.url, **options) as client:
        return await client.borrower_phones.create(**IDS, **NEW_PHONE)


RUNS = pytest.mark.parametrize("run", [run_thread, run_task, run_trio])


def drip(start: bytes) -> Handler:
    """Returns a handler that sends one byte after the other, without an end."""

    def handle(connection: socket.socket, _request: Request, _count: int) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(b"1")
            time.sleep(0.005)

    return handle


HEAD = b"HTTP/1.1 200 OK\r\n"
SLOW = {
    "silence": lambda *_: None,
    "headers drip": drip(HEAD + b"x-drip: "),
    "early hints drip": drip(b"HTTP/1.1 103 Early Hints\r\n\r\n" + HEAD + b"x-drip: "),
    "the body drips": drip(HEAD + b"content-length: 999999\r\n\r\n"),
    "a chunk drips": drip(HEAD + b"transfer-encoding: chunked\r\n\r\nfffff\r\n"),
}


@RUNS
@pytest.mark.parametrize("name", SLOW)
@pytest.mark.parametrize(("scope", "option"), [("attempt", "attempt_timeout"), ("total", "total_timeout")])
def test_a_timeout_holds(run: Run, name: str, scope: str, option: str) -> None:
    """Each byte would start the timeouts of httpx again."""
    with serve(SLOW[name]) as served:
        start = time.monotonic()
        with pytest.raises(ApiTimeoutError) as raised:
            run(served, **{option: 0.1})
        seconds = time.monotonic() - start
        # On a busy machine, the time can be up before the request is sent.
        if served.arrived:
            assert served.closed.acquire(timeout=5)
            assert raised.value.may_have_been_carried_out
    assert (raised.value.scope, raised.value.attempts) == (scope, 1)
    # Much later than the timeout, because the machine may be busy, and much earlier than the default of 10 s.
    assert 0.1 <= seconds < 5
    expect_no_secret(raised.value)


@RUNS
def test_a_handshake_that_never_ends_is_no_request(run: Run) -> None:
    """A create that wasn't sent can be sent again."""
    with serve(lambda *_: None) as served:
        served.url = served.url.replace("http:", "https:")
        with pytest.raises(ApiTimeoutError) as raised:
            run(served, attempt_timeout=0.1)
    assert raised.value.may_have_been_carried_out is False


@RUNS
def test_a_bomb_stays_small(run: Run) -> None:
    """The memory stays within a multiple of the limit, although the body has 256 MiB."""
    import zlib

    compressor = zlib.compressobj(wbits=31)
    zeros = bytes(2**20)
    bomb = b"".join(compressor.compress(zeros) for _ in range(256)) + compressor.flush()
    content = http(200, bomb, {"content-encoding": "gzip"})
    with serve(lambda connection, *_: connection.sendall(content)) as served:
        tracemalloc.start()
        try:
            with pytest.raises(UnexpectedResponseError, match="max_response_bytes"):
                run(served)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 16 * 2**20


@RUNS
def test_an_endless_body_ends_at_the_limit(run: Run) -> None:
    """The connection is closed, because the rest of the body is still coming."""

    def handle(connection: socket.socket, _request: Request, _count: int) -> None:
        connection.sendall(HEAD + b"transfer-encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")

    with serve(handle) as served:
        with pytest.raises(UnexpectedResponseError, match="max_response_bytes"):
            run(served)
        assert served.closed.acquire(timeout=5)


def respond_bytes(**changes: Any) -> bytes:
    """Returns the bytes of a good response."""
    import json

    return http(200, json.dumps({"data": {**RECORD, **changes}}), {"content-type": "application/json"})


CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\nb\r\n" + b'{"data":[]}' + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize("first", [http(200, '{"data":[]}'), CHUNKED, b"HTTP/1.1 103 Hints\r\n\r\n" + CHUNKED])
@pytest.mark.parametrize("kind", ["thread", "task"])
@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("forged", [respond_bytes(id=666), b"HTTP/1.1 204 No Content\r\n\r\n"], ids=["record", "204"])
def test_an_earlier_response_is_not_taken_for_the_one_to_a_request(
    first: bytes, kind: str, split: bool, forged: bytes
) -> None:
    """A server that sends a response twice can't make a create look like a success."""

    def handle(connection: socket.socket, request: Request, _count: int) -> None:
        if request.method == "POST":
            connection.sendall(respond_bytes(id=1))
            return
        messages = first + forged
        at = messages.index(b"\r\n\r\n") + 2 if split else len(messages)
        connection.sendall(messages[:at])
        connection.sendall(messages[at:])

    with serve(handle) as served:
        created = LIST_AND_CREATE[kind](served)
    assert created["data"]["id"] == 1


def _list_and_create(served: Served) -> Any:
    with Client(token="t", base_url=served.url) as client:
        client.borrower_phones.list(**IDS)
        return client.borrower_phones.create(**IDS, **NEW_PHONE)


async def _list_and_create_async(served: Served) -> Any:
    async with AsyncClient(token="t", base_url=served.url) as client:
        await client.borrower_phones.list(**IDS)
        return await client.borrower_phones.create(**IDS, **NEW_PHONE)


LIST_AND_CREATE: dict[str, Run] = {
    "thread": _list_and_create,
    "task": lambda served: asyncio.run(_list_and_create_async(served)),
}


@pytest.mark.parametrize("kind", ["thread", "task"])
def test_a_create_on_a_reused_connection_that_is_reset_is_sent_once(kind: str) -> None:
    """Httpx doesn't send it again, and neither does the client."""

    def handle(connection: socket.socket, request: Request, _count: int) -> None:
        if request.method == "POST":
            reset(connection)
        else:
            connection.sendall(http(200, '{"data":[]}'))

    with serve(handle) as served, pytest.raises(ApiConnectionError) as raised:
        LIST_AND_CREATE[kind](served)
    assert [request.method for request in served.arrived] == ["GET", "POST"]
    assert (raised.value.may_have_been_carried_out, raised.value.code) == (True, "ECONNRESET")


def test_an_address_that_does_not_respond_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host can have an IPv6 address that no packet reaches."""
    tried: list[tuple[str, float]] = []
    real = httpcore.SyncBackend.connect_tcp

    def connect(self: Any, host: str, port: int, timeout: float, *rest: Any) -> Any:
        tried.append((host, timeout))
        if host == "192.0.2.1":
            raise httpcore.ConnectTimeout
        return real(self, host, port, timeout, *rest)

    resolve = socket.getaddrinfo

    def find(host: str, port: int, *args: Any, **options: Any) -> Any:
        hosts = ["192.0.2.1", "127.0.0.1"] if host == "two.localhost" else [host]
        return [found for one in hosts for found in resolve(one, port, *args, **options)]

    with serve(respond(200, {"data": RECORD})) as served:
        monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
        monkeypatch.setattr(socket, "getaddrinfo", find)
        served.url = served.url.replace("127.0.0.1", "two.localhost")
        run_thread(served)
    (first, half), (second, left) = tried
    assert (first, second) == ("192.0.2.1", "127.0.0.1")
    assert half <= 5 < left <= 10


def test_connections_are_kept_and_closed_at_the_end() -> None:
    """Twenty calls need one connection."""
    with serve(respond(200, {"data": []})) as served:
        with Client(token="t", base_url=served.url) as client:
            for _ in range(20):
                client.borrower_phones.list(**IDS)
            pool = client._connection.driver._transport._pool
            assert len(pool.connections) == 1
            assert not served.closed.acquire(blocking=False)
        assert served.closed.acquire(timeout=5)
    assert len(served.arrived) == 20


def test_threads_share_a_client() -> None:
    """Each thread gets the response to its own request."""

    def handle(connection: socket.socket, request: Request, _count: int) -> None:
        order = int(request.path.split("/")[4])
        connection.sendall(http(200, f'{{"data":[{{"id":{order}}}]}}'))

    wrong: list[object] = []

    def work(client: Client, first: int) -> None:
        for order in range(first, first + 20):
            found = client.borrowers.list(order_id=order)["data"][0]["id"]
            if found != order:
                wrong.append((order, found))

    with serve(handle) as served, Client(token="t", base_url=served.url) as client:
        threads = [threading.Thread(target=work, args=(client, 1 + 100 * n)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert len(served.arrived) == 320


def test_closing_a_client_ends_a_call_in_another_thread() -> None:
    """The caller learns that a create may have been carried out."""
    arrived = threading.Event()
    with serve(lambda *_: arrived.set()) as served:
        client = Client(token="t", base_url=served.url)
        errors: list[AbortedError] = []

        def work() -> None:
            with pytest.raises(AbortedError) as raised:
                client.borrower_phones.create(**IDS, **NEW_PHONE)
            errors.append(raised.value)

        thread = threading.Thread(target=work)
        thread.start()
        assert arrived.wait(5)
        client.close()
        thread.join(5)
        assert not thread.is_alive()
    assert [error.may_have_been_carried_out for error in errors] == [True]


def test_closing_a_client_ends_a_pause() -> None:
    """A retry after a minute doesn't keep a program from ending."""
    waiting = threading.Event()
    with serve(respond(429, {}, {"retry-after": 30})) as served:
        client = Client(token="t", base_url=served.url, on_wait=lambda _event: waiting.set())
        errors: list[AbortedError] = []

        def work() -> None:
            with pytest.raises(AbortedError) as raised:
                client.borrower_phones.create(**IDS, **NEW_PHONE)
            errors.append(raised.value)

        thread = threading.Thread(target=work)
        thread.start()
        assert waiting.wait(5)
        client.close()
        thread.join(5)
        assert not thread.is_alive()
    assert [error.may_have_been_carried_out for error in errors] == [False]


@pytest.mark.parametrize("moment", ["token", "lock", "headers", "pause"])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_closing_a_client_ends_the_calls_in_other_tasks(moment: str, backend: str) -> None:
    """Whatever they wait for. The test would take a minute otherwise."""
    server = respond(429, {}, {"retry-after": 50}) if moment == "pause" else lambda *_: None
    errors: list[AbortedError] = []

    async def main(served: Served) -> None:
        waiting = anyio.Event()

        async def provide(_request: TokenRequest) -> str:
            waiting.set()
            await anyio.sleep(60)
            return "t"

        async def work() -> None:
            with pytest.raises(AbortedError) as raised:
                await _create_with(client)
            errors.append(raised.value)

        token = provide if moment in ("token", "lock") else "t"
        client = AsyncClient(token=token, base_url=served.url, on_wait=lambda _event: waiting.set())
        with anyio.fail_after(5):
            async with anyio.create_task_group() as group:
                group.start_soon(work)
                if moment == "headers":
                    await anyio.to_thread.run_sync(served.arrival.wait, 5)
                else:
                    await waiting.wait()
                if moment == "lock":
                    group.start_soon(work)
                    await anyio.wait_all_tasks_blocked()
                await client.aclose()

    with serve(server) as served:
        anyio.run(main, served, backend=backend)
    assert [error.may_have_been_carried_out for error in errors] == [moment == "headers"] * (1 + (moment == "lock"))


MOMENTS = {
    "headers": (lambda *_: None, True),
    "body": (lambda connection, *_: connection.sendall(http(200, '{"data":', {"content-length": 99})), True),
    "pause": (respond(429, {}, {"retry-after": 50}), False),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_canceling_a_task_leaves_nothing_behind(moment: str, backend: str) -> None:
    """The connection is closed, and the client can be used again."""
    handle, is_waiting = MOMENTS[moment]

    async def main(served: Served) -> None:
        async with AsyncClient(token=SECRETS["token"], base_url=served.url) as client:
            async with anyio.create_task_group() as group:
                group.start_soon(_create_with, client)
                await anyio.to_thread.run_sync(served.arrival.wait, 5)
                group.cancel_scope.cancel()
            pool = client._connection.driver._transport._pool
            if is_waiting:
                assert pool.connections == []
            assert pool._requests == []

    with serve(handle) as served:
        anyio.run(main, served, backend=backend)
        assert served.closed.acquire(timeout=5)
    assert len(served.arrived) == 1
    gc.collect()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_canceling_a_request_that_is_being_sent_leaves_nothing_behind(backend: str) -> None:
    """An async generator that isn't exhausted would make trio warn."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> socket.socket:
        connection, _ = listener.accept()
        connection.recv(1)
        return connection

    async def main() -> None:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with AsyncClient(token="t", base_url=url) as client, anyio.create_task_group() as group:
            body: dict[str, Any] = {**NEW_PHONE, "memo": "x" * 2**26}
            group.start_soon(lambda: client.borrower_phones.create(**IDS, **body))
            with await anyio.to_thread.run_sync(accept):
                await anyio.wait_all_tasks_blocked()
                group.cancel_scope.cancel()

    with listener:
        anyio.run(main, backend=backend)
    gc.collect()


async def _create_with(client: AsyncClient) -> None:
    await client.borrower_phones.create(**IDS, **NEW_PHONE)


def test_a_canceled_create_can_be_looked_for() -> None:
    """The exception of asyncio reaches the caller unchanged, without the frames that have the token."""

    def handle(connection: socket.socket, request: Request, _count: int) -> None:
        if request.method == "GET":
            connection.sendall(http(200, '{"data":[]}'))

    async def main(served: Served) -> None:
        async with AsyncClient(token=SECRETS["token"], base_url=served.url) as client:
            task = asyncio.ensure_future(_create_with(client))
            await asyncio.to_thread(served.arrival.wait, 5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as raised:
                await task
            expect_no_secret(raised.value)
            outcome = await create_outcome(
                client.borrower_phones,
                order_id=1,
                borrower_id=2,
                body={"type": 6, "number": SECRETS["number"]},
                error=raised.value,
                before=[],
                pauses=[0],
            )
            assert outcome.created is False

    with serve(handle) as served:
        asyncio.run(main(served))
