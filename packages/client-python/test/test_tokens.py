"""Calls share one token request, and a rejected token is renewed once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import anyio
import pytest

from recoveryconnect import (
    AbortedError,
    ApiTimeoutError,
    AsyncClient,
    Client,
    LoginToken,
    TokenRequest,
    TokenUnavailableError,
    UnauthenticatedError,
)
from test.leaks import expect_no_secret
from test.servers import SECRETS, Handler, Served, http, respond, serve
from test.stubs import IDS, NEW_PHONE, RECORD, list_phones

TOKEN = SECRETS["token"]


def accepting(*tokens: str) -> Handler:
    """Returns a handler that accepts these tokens."""
    fine = {f"Bearer {token}" for token in tokens}

    def handle(connection: Any, request: Any, count: int) -> object:
        is_fine = request.headers.get("authorization") in fine
        data = [] if request.method == "GET" else RECORD
        response = respond(200, {"data": data}) if is_fine else respond(401, {"message": "Unauthenticated."})
        return response(connection, request, count)

    return handle


class Renewing:
    """A token function that returns `old`, and `new` once a token was rejected."""

    def __init__(self) -> None:
        self.rejections: list[str | None] = []
        self.current = "old"

    def __call__(self, request: TokenRequest) -> str:
        """Returns the current token."""
        self.rejections.append(request.rejected)
        if request.rejected:
            self.current = "new"
        return self.current


def run_threads(client: Client, count: int = 20) -> list[Any]:
    """Lists in many threads at the same time."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda _: client.borrower_phones.list(**IDS), range(count)))


def test_a_rejected_token_is_renewed_once_for_all_threads() -> None:
    """Twenty 401s lead to one request for a new token."""
    provider = Renewing()
    with serve(accepting("new")) as served, Client(token=provider, base_url=served.url) as client:
        run_threads(client)
    assert [rejected for rejected in provider.rejections if rejected] == ["old"]


def test_a_rejected_token_is_renewed_once_for_all_tasks() -> None:
    """The same for tasks, with a coroutine function."""
    provider = Renewing()

    async def provide(request: TokenRequest) -> str:
        await anyio.sleep(0)
        return provider(request)

    async def main(served: Served) -> None:
        async with AsyncClient(token=provide, base_url=served.url) as client, anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(list_in_task, client)

    with serve(accepting("new")) as served:
        asyncio.run(main(served))
    assert [rejected for rejected in provider.rejections if rejected] == ["old"]
    # The first calls waited at the same time, so they shared a request.
    assert provider.rejections.count(None) < 20


async def list_in_task(client: AsyncClient) -> None:
    """Lists the phones."""
    await client.borrower_phones.list(**IDS)


def test_a_token_is_renewed_for_a_create_too() -> None:
    """A 401 says that the request wasn't carried out. It doesn't count as an attempt of the limit."""
    with serve(accepting("new")) as served, Client(token=Renewing(), base_url=served.url, max_attempts=1) as client:
        client.borrower_phones.create(**IDS, **NEW_PHONE)
    assert [request.headers["authorization"] for request in served.arrived] == ["Bearer old", "Bearer new"]
    assert served.arrived[0].body == served.arrived[1].body


@pytest.mark.parametrize(
    ("token", "attempts"),
    [("old", 1), (lambda _request: "old", 1), (lambda request: f"{request.rejected}-again", 2)],
    ids=["a text", "the same again", "another wrong one"],
)
def test_a_token_that_stays_wrong_is_an_error(token: Any, attempts: int) -> None:
    """The client doesn't ask again and again."""
    with serve(accepting("none")) as served, Client(token=token, base_url=served.url) as client:
        with pytest.raises(UnauthenticatedError) as raised:
            client.borrower_phones.list(**IDS)
        assert raised.value.attempts == len(served.arrived) == attempts
        expect_no_secret(raised.value)


def fail(_request: TokenRequest) -> str:
    """Fails with a secret."""
    raise RuntimeError(TOKEN)


async def coroutine(_request: TokenRequest) -> str:
    """Is a coroutine function."""
    return TOKEN


@pytest.mark.parametrize(
    "provider",
    [fail, coroutine, lambda _: "", lambda _: f"{TOKEN}\r\nx: 1", lambda _: f"Bearer {TOKEN}", lambda _: None],
    ids=["raises", "is async", "empty", "line break", "Bearer", "no text"],
)
def test_a_token_function_that_fails_is_an_error(provider: Any) -> None:
    """Nothing is sent."""
    with serve(accepting(TOKEN)) as served, Client(token=provider, base_url=served.url) as client:
        with pytest.raises(TokenUnavailableError) as raised:
            client.borrower_phones.create(**IDS, **NEW_PHONE)
    assert (raised.value.attempts, raised.value.may_have_been_carried_out) == (0, False)
    assert isinstance(raised.value.reason, Exception)
    expect_no_secret(raised.value)
    assert served.arrived == []


def test_a_token_function_is_called_again_after_it_failed() -> None:
    """A failure isn't remembered."""
    results: list[Any] = [RuntimeError(), "second"]

    def provide(_request: TokenRequest) -> str:
        result = results.pop(0)
        if isinstance(result, Exception):
            raise result
        return str(result)

    with serve(accepting("second")) as served, Client(token=provide, base_url=served.url) as client:
        with pytest.raises(TokenUnavailableError):
            client.borrower_phones.list(**IDS)
        client.borrower_phones.list(**IDS)


def test_calls_that_wait_for_a_hanging_token_function_time_out() -> None:
    """The thread that runs the function can't be interrupted. The others can."""
    entered, leave = threading.Event(), threading.Event()

    def provide(request: TokenRequest) -> str:
        assert 0 < request.timeout <= 60
        entered.set()
        leave.wait(5)
        return TOKEN

    with serve(accepting(TOKEN)) as served, Client(token=provide, base_url=served.url) as client:
        first = threading.Thread(target=lambda: client.borrower_phones.list(**IDS))
        first.start()
        assert entered.wait(5)
        with pytest.raises(ApiTimeoutError) as raised:
            client.with_options(total_timeout=0.05).borrower_phones.list(**IDS)
        leave.set()
        first.join(5)
    assert (raised.value.scope, raised.value.attempts) == ("total", 0)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_hanging_coroutine_function_is_canceled_and_called_again(backend: str) -> None:
    """The total timeout ends it, and the next call starts anew."""
    calls: list[str] = []

    async def provide(_request: TokenRequest) -> str:
        calls.append("called")
        if len(calls) == 1:
            await anyio.sleep_forever()
        return TOKEN

    async def main(served: Served) -> None:
        async with AsyncClient(token=provide, base_url=served.url) as client:
            with pytest.raises(ApiTimeoutError) as raised:
                await client.with_options(total_timeout=0.5).borrower_phones.list(**IDS)
            assert (raised.value.scope, raised.value.attempts) == ("total", 0)
            await client.borrower_phones.list(**IDS)

    with serve(accepting(TOKEN)) as served:
        anyio.run(main, served, backend=backend)
    assert len(calls) == 2


def test_a_token_request_continues_for_the_others_if_one_task_is_canceled() -> None:
    """The next task in line asks again."""
    calls: list[str] = []

    async def main(served: Served) -> None:
        entered = asyncio.Event()

        async def provide(_request: TokenRequest) -> str:
            calls.append("called")
            entered.set()
            if len(calls) == 1:
                await asyncio.Event().wait()
            return TOKEN

        async with AsyncClient(token=provide, base_url=served.url) as client:
            first = asyncio.ensure_future(list_in_task(client))
            await entered.wait()
            second = asyncio.ensure_future(list_in_task(client))
            await asyncio.sleep(0)
            first.cancel()
            await second

    with serve(accepting(TOKEN)) as served:
        asyncio.run(main(served))
    assert len(calls) == 2


def test_a_closed_client_gets_no_token() -> None:
    """Neither from a function nor from a login."""
    provider = Renewing()
    with serve(accepting(TOKEN)) as served:
        for token in (provider, LoginToken(**ACCOUNT)):
            with Client(token=token, base_url=served.url) as client:
                client.close()
                with pytest.raises(AbortedError) as raised:
                    client.borrower_phones.list(**IDS)
            assert (raised.value.operation, raised.value.attempts) == ("listBorrowerPhones", 0)
    assert (provider.rejections, served.arrived) == ([], [])


def test_closing_a_client_ends_a_login() -> None:
    """The call was aborted. It isn't a failure of the login."""
    with serve(lambda *_: None) as served, Client(token=LoginToken(**ACCOUNT), base_url=served.url) as client:
        with ThreadPoolExecutor(1) as pool:
            call = pool.submit(list_phones, client)
            assert served.arrival.wait(5)
            client.close()
            with pytest.raises(AbortedError):
                call.result(5)


ACCOUNT: dict[str, Any] = {"username": "example-user", "password": TOKEN}


@contextmanager
def logins(expires_in: object = 3600, accepted: str | None = None) -> Iterator[Served]:
    """Issues the tokens `issued-1`, `issued-2`, and so on. With `accepted`, the API accepts only that one."""
    issued: list[str] = []

    def handle(connection: Any, request: Any, count: int) -> object:
        if request.path.endswith("/auth"):
            issued.append(f"issued-{len(issued) + 1}")
            login = {"token_type": "Bearer", "access_token": issued[-1], "refresh_token": "unused"}
            return respond(200, {**login, "expires_in": expires_in})(connection, request, count)
        is_fine = accepted is None or request.headers["authorization"] == f"Bearer {accepted}"
        return respond(200 if is_fine else 401, {"data": []})(connection, request, count)

    with serve(handle) as served:
        yield served


def count_logins(served: Served) -> int:
    """Returns how often the client logged in."""
    return sum(request.path.endswith("/auth") for request in served.arrived)


def test_a_login_is_made_once_without_a_token() -> None:
    """All threads use the issued token."""
    with logins() as served, Client(token=LoginToken(**ACCOUNT), base_url=served.url) as client:
        run_threads(client, 5)
        client.borrower_phones.list(**IDS)
    first, *others = served.arrived
    assert (first.method, first.path) == ("POST", "/api/v140/auth")
    assert first.body == '{"username":"example-user","password":"token-d41d8cd98f"}'
    assert "authorization" not in first.headers
    assert [request.headers["authorization"] for request in others] == ["Bearer issued-1"] * 6


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Returns a function that lets time pass."""
    offset = [0.0]
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + offset[0])

    def advance(seconds: float) -> None:
        offset[0] += seconds

    return advance


@pytest.mark.parametrize(("expires_in", "kept"), [(3600, 3540), (60, 30), ("3600", 3540)])
def test_a_token_is_renewed_before_it_expires(expires_in: Any, kept: float, clock: Callable[[float], None]) -> None:
    """A minute before it expires, or after half of a short lifetime."""
    with logins(expires_in) as served, Client(token=LoginToken(**ACCOUNT), base_url=served.url) as client:
        for passed, expected in ((0, 1), (kept - 5, 1), (5, 2)):
            clock(passed)
            client.borrower_phones.list(**IDS)
            assert count_logins(served) == expected


@pytest.mark.parametrize("expires_in", [None, 0, -5, "soon", []])
def test_a_token_without_a_lifetime_is_kept(expires_in: Any, clock: Callable[[float], None]) -> None:
    """Until the API rejects it."""
    with logins(expires_in) as served, Client(token=LoginToken(**ACCOUNT), base_url=served.url) as client:
        client.borrower_phones.list(**IDS)
        clock(1e6)
        client.borrower_phones.list(**IDS)
        assert count_logins(served) == 1


def test_a_rejected_token_leads_to_another_login() -> None:
    """The call goes on with the new token."""
    with logins(accepted="issued-2") as served, Client(token=LoginToken(**ACCOUNT), base_url=served.url) as client:
        client.borrower_phones.list(**IDS)
    assert count_logins(served) == 2


def test_a_rejected_login_is_remembered(clock: Callable[[float], None]) -> None:
    """A wrong password doesn't lock the account."""
    token = LoginToken(**ACCOUNT, retry_rejected_after=1000)
    with (
        serve(respond(401, {"message": f"Wrong: {TOKEN}"})) as served,
        Client(token=token, base_url=served.url) as client,
    ):
        for passed, expected in ((0, 1), (990, 1), (20, 2), (0, 2)):
            clock(passed)
            with ThreadPoolExecutor(4) as pool:
                errors = list(pool.map(lambda _: expect_failure(client), range(4)))
            for error in errors:
                assert (error.attempts, error.may_have_been_carried_out) == (0, False)
                assert "createAccessToken" in str(error)
                expect_no_secret(error)
                assert error.reason is not None
                expect_no_secret(error.reason)
            assert len(served.arrived) == expected


def expect_failure(client: Client) -> TokenUnavailableError:
    """Returns the error of a call that gets no token."""
    with pytest.raises(TokenUnavailableError) as raised:
        client.borrower_phones.list(**IDS)
    return raised.value


@pytest.mark.parametrize(
    "response",
    [
        respond(200, {"token_type": "Bearer", "expires_in": 3600}),
        respond(200, {"access_token": f"{TOKEN}\n", "expires_in": 3600}),
        respond(502, TOKEN),
        respond(429, TOKEN),
        lambda connection, *_: connection.sendall(http(200, "", {"content-length": 5})) or connection.close(),
    ],
    ids=["no token", "line break", "502", "429", "lost"],
)
def test_a_failed_login_is_not_remembered(response: Handler) -> None:
    """The next call logs in again. The login itself isn't repeated after a lost connection."""
    token = LoginToken(**ACCOUNT, max_attempts=1)
    with serve(response) as served, Client(token=token, base_url=served.url) as client:
        for expected in (1, 2):
            error = expect_failure(client)
            expect_no_secret(error)
            assert len(served.arrived) == expected


def test_a_login_token_can_be_shared() -> None:
    """Each server gets its own token, and threads and tasks use the same one."""
    token = LoginToken(**ACCOUNT)

    async def main(url: str) -> None:
        async with AsyncClient(token=token, base_url=url) as client:
            await client.borrower_phones.list(**IDS)

    with logins() as one, logins() as other:
        for served in (one, other, one):
            with Client(token=token, base_url=served.url) as client:
                client.borrower_phones.list(**IDS)
            asyncio.run(main(served.url))
    assert (count_logins(one), count_logins(other)) == (1, 1)


def test_a_login_can_go_to_another_server() -> None:
    """The client's server never sees the password."""
    with logins() as one, logins() as other:
        token = LoginToken(**ACCOUNT, base_url=other.url)
        with Client(token=token, base_url=one.url) as client:
            client.borrower_phones.list(**IDS)
    assert (count_logins(one), count_logins(other)) == (0, 1)


def test_a_login_ends_with_the_total_timeout_of_the_call() -> None:
    """The login gets only the time that is left."""
    with serve(lambda *_: None) as served:
        start = time.monotonic()
        with Client(token=LoginToken(**ACCOUNT), base_url=served.url, total_timeout=0.1) as client:
            with pytest.raises(ApiTimeoutError) as raised:
                client.borrower_phones.list(**IDS)
        # Much earlier than the attempt timeout of the login, which is 10 s.
        assert time.monotonic() - start < 5
    assert (raised.value.scope, raised.value.attempts) == ("total", 0)
