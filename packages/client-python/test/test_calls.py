"""What is sent, when it is sent again, and what hooks and copies of a client see."""

from __future__ import annotations

import asyncio
import copy
import pickle
import random
import time
from typing import Any, cast

import httpx
import pytest

from recoveryconnect import (
    AbortedError,
    ApiConnectionError,
    ApiTimeoutError,
    AsyncClient,
    AttemptEvent,
    Client,
    InvalidInputError,
    LoginToken,
    NotFoundError,
    RateLimitedError,
    RecoveryConnectError,
    ServerError,
    WaitEvent,
    create_outcome,
    with_response,
)
from recoveryconnect._generated import VERSION
from test.leaks import expect_no_secret
from test.servers import SECRETS
from test.stubs import (
    IDS,
    NEW_PHONE,
    RECORD,
    Call,
    Stub,
    create_phone,
    delete_phone,
    get_phone,
    list_phones,
    reply,
    update_phone,
)

LOST = httpx.ReadError("reset")
DATA = {"data": {**RECORD, "valid": 0, "no_contact": 1, "success": True}}


def test_a_call_sends_path_token_and_headers() -> None:
    """The client sets the headers that matter itself."""
    given = {"X-One": "1", "x-two": "2", "Accept": "text/html", "AUTHORIZATION": "Basic x", "Accept-Encoding": "br"}
    with Stub(reply(), headers=given, app_info="example-dialer/2.1.0") as stub:
        list_phones(stub.client.with_options(headers={"x-two": "3", "x-one": None, "x-three": ""}))
    request = stub.requests[0]
    assert request.url.path == "/api/v140/orders/57062885/borrowers/124927241/phones"
    assert dict(request.headers) == {
        "host": "api.mbsisystems.com",
        "user-agent": f"example-dialer/2.1.0 recoveryconnect-python/{VERSION}",
        "x-two": "3",
        "x-three": "",
        "accept": "application/json",
        "accept-encoding": "gzip",
        "authorization": f"Bearer {SECRETS['token']}",
    }


def test_content_type_is_sent_only_with_a_body() -> None:
    """A delete has no body."""
    with Stub(reply(DATA)) as stub:
        update_phone(stub.client)
        delete_phone(stub.client)
    update, delete = stub.requests
    assert (update.headers["content-type"], update.content) == ("application/json", b'{"valid":0,"no_contact":1}')
    assert "content-type" not in delete.headers
    assert delete.content == b""


def create_noted(client: Client) -> object:
    """Creates a phone at which nobody may contact the borrower."""
    return client.borrower_phones.create(**IDS, type=6, number=SECRETS["number"], valid=0, no_contact=1)


CALLS = [list_phones, get_phone, update_phone, delete_phone, create_noted]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("lost", [LOST, reply("", 503), reply("", 408)], ids=["lost", "503", "408"])
def test_a_create_is_sent_once_and_other_calls_again(call: Call, lost: Any) -> None:
    """The caller of a create learns that it may have been carried out."""
    with Stub(lost, reply() if call is list_phones else reply(DATA)) as stub:
        if call is create_noted:
            with pytest.raises(RecoveryConnectError) as raised:
                call(stub.client)
            assert (raised.value.attempts, raised.value.may_have_been_carried_out) == (1, True)
        else:
            call(stub.client)
    assert len(stub.requests) == (1 if call is create_noted else 2)


def test_a_create_is_repeated_after_a_429() -> None:
    """A 429 says that the request wasn't carried out."""
    with Stub(reply("{}", 429), reply({"data": RECORD})) as stub:
        create_phone(stub.client)
    assert len(stub.requests) == 2


@pytest.mark.parametrize(
    ("body", "option", "sent"),
    [
        ({"no_contact": 0}, False, 1),
        ({"valid": 1}, False, 1),
        ({"valid": 0, "no_contact": 0}, False, 1),
        ({"no_contact": 0}, True, 2),
        ({"no_contact": 1}, False, 2),
        ({"valid": 0}, False, 2),
        ({"memo": "0"}, False, 2),
    ],
)
def test_an_update_that_permits_contact_again_is_not_repeated(body: dict[str, Any], option: bool, sent: int) -> None:
    """It could clear a flag that someone set in the meantime."""
    with Stub(LOST, reply({"data": body}), retry_cleared_flags=option) as stub:
        if sent == 1:
            with pytest.raises(ApiConnectionError):
                stub.client.borrower_phones.update(**IDS, phone_id=1, **body)
        else:
            stub.client.borrower_phones.update(**IDS, phone_id=1, **body)
    assert len(stub.requests) == sent


def test_a_repeated_delete_that_ends_with_a_404_shows_its_attempts() -> None:
    """The first attempt probably deleted the record."""
    with Stub(LOST, reply({"message": "Not found."}, 404)) as stub, pytest.raises(NotFoundError) as raised:
        delete_phone(stub.client)
    assert (raised.value.attempts, raised.value.may_have_been_carried_out) == (2, True)


def test_an_unreadable_retry_after_is_not_repeated() -> None:
    """The server asked for a pause, and nobody knows how long."""
    with Stub(reply("", 503, retry_after="soon"), reply()) as stub, pytest.raises(ServerError):
        list_phones(stub.client)
    assert len(stub.requests) == 1


@pytest.mark.parametrize("value", ["60", "86400", "99999999"])
def test_a_pause_beyond_the_total_timeout_fails_at_once(value: str) -> None:
    """The error says how long to wait."""
    with Stub(reply("", 429, retry_after=value)) as stub, pytest.raises(RateLimitedError) as raised:
        list_phones(stub.client)
    assert (raised.value.retry_after, raised.value.attempts) == (float(value), 1)


def test_pauses_are_random_and_double(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to 0.3 s, doubled for each retry, up to 8 s."""
    monkeypatch.setattr(random, "random", lambda: 0.5)
    waits: list[WaitEvent] = []
    with Stub(reply("", 503), max_attempts=8, on_wait=waits.append) as stub:
        # The clock jumps instead of waiting.
        monkeypatch.setattr(stub.client._connection.driver._closed, "wait", lambda _seconds: False)
        with pytest.raises(ServerError) as raised:
            list_phones(stub.client)
    assert raised.value.attempts == 8
    assert [wait.seconds for wait in waits] == [0.15, 0.3, 0.6, 1.2, 2.4, 4.0, 4.0]
    assert [wait.attempt for wait in waits] == [2, 3, 4, 5, 6, 7, 8]


def test_hooks_run_for_each_attempt_and_their_exceptions_are_ignored() -> None:
    """The hooks of a copy run after those of its client."""
    events: list[tuple[str, AttemptEvent | WaitEvent]] = []

    def hook(event: AttemptEvent | WaitEvent) -> None:
        events.append(("first", event))
        raise RuntimeError

    with Stub(reply("", 503), LOST, reply(), on_attempt=hook, on_wait=hook) as stub:
        list_phones(stub.client.with_options(on_attempt=lambda event: events.append(("second", event))))
    shown = [(who, type(event).__name__, event.attempt, getattr(event, "status", None)) for who, event in events]
    assert shown == [
        ("first", "AttemptEvent", 1, 503),
        ("second", "AttemptEvent", 1, 503),
        ("first", "WaitEvent", 2, None),
        ("first", "AttemptEvent", 2, None),
        ("second", "AttemptEvent", 2, None),
        ("first", "WaitEvent", 3, None),
        ("first", "AttemptEvent", 3, 200),
        ("second", "AttemptEvent", 3, 200),
    ]
    assert {event.operation for _, event in events} == {"listBorrowerPhones"}


def test_with_response_returns_status_and_headers() -> None:
    """The data is the same as without it."""
    with Stub(reply("", 503), reply({"data": RECORD}, 201, x_request_id="r-1")) as stub:
        found = with_response(stub.client.borrower_phones.get, **IDS, phone_id=1)
    assert (found.data["data"], found.status, found.attempts, found.request_id) == (RECORD, 201, 2, "r-1")
    assert SECRETS["memo"] not in repr(found)


def test_with_response_returns_the_response_to_the_call_and_not_to_the_login() -> None:
    """The login for a call comes first."""
    login = reply({"access_token": "issued", "expires_in": 3600}, 200)
    token = LoginToken(username="u", password="p")
    with Stub(login, reply({"data": RECORD}, 201), token=token) as stub:
        found = with_response(stub.client.borrower_phones.get, **IDS, phone_id=1)
    assert (found.status, found.attempts) == (201, 1)


def test_with_response_takes_functions() -> None:
    """They must make a call."""
    with Stub(reply()) as stub:
        assert with_response(lambda: list_phones(stub.client)).status == 200
        with pytest.raises(InvalidInputError, match="method must be"):
            with_response(str)

    async def main() -> None:
        async with AsyncClient(token="t", transport=httpx.MockTransport(lambda _: reply())) as client:
            assert (await with_response(lambda: client.borrower_phones.list(**IDS))).status == 200

    asyncio.run(main())


def interrupt(_event: AttemptEvent) -> None:
    """Presses Ctrl+C during a call."""
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "call",
    [
        create_phone,
        lambda client: with_response(client.borrower_phones.create, **IDS, **NEW_PHONE),
        lambda client: create_outcome(
            client.borrower_phones, **IDS, body=cast(Any, NEW_PHONE), error=KeyboardInterrupt()
        ),
    ],
    ids=["create", "with_response", "create_outcome"],
)
def test_an_interruption_shows_no_secret(call: Call) -> None:
    """A program that is interrupted prints a traceback."""
    with Stub(reply(), on_attempt=interrupt) as stub, pytest.raises(KeyboardInterrupt) as raised:
        call(stub.client)
    expect_no_secret(raised.value)


def test_a_copy_has_other_options_and_the_same_connections() -> None:
    """The client itself stays as it was."""
    with Stub(LOST) as stub:
        once = stub.client.with_options(max_attempts=1)
        for client, attempts in ((once, 1), (stub.client, 3)):
            with pytest.raises(ApiConnectionError) as raised:
                list_phones(client)
            assert raised.value.attempts == attempts
    with pytest.raises(AbortedError):
        list_phones(once)


def test_a_copy_of_a_subclass_keeps_its_attributes() -> None:
    """A program can extend a client."""

    class Regional(Client):
        def __init__(self, region: str) -> None:
            super().__init__(token="t", transport=httpx.MockTransport(lambda _request: reply()))
            self.region = region

    with Regional("west") as client:
        assert client.with_options(max_attempts=1).region == "west"


def test_a_client_and_a_login_cannot_be_copied_with_their_secrets() -> None:
    """A copy without the token would send requests that the API rejects."""
    login = LoginToken(username="u", password="p")
    with Stub(reply()) as stub:
        for secret in (login, stub.client, AsyncClient(token="t", transport=httpx.MockTransport(lambda _: reply()))):
            for duplicate in (copy.deepcopy, pickle.dumps):
                with pytest.raises(TypeError, match="can't be copied or pickled"):
                    duplicate(secret)
            if isinstance(secret, AsyncClient):
                asyncio.run(secret.aclose())


class Masked(str):
    """A text that logs show as asterisks."""

    def __str__(self) -> str:
        return "***"


def test_a_masked_token_is_sent_as_it_is() -> None:
    """Only its text in logs is different."""
    with Stub(reply(), token=Masked("issued")) as stub:
        list_phones(stub.client)
    assert stub.requests[0].headers["authorization"] == "Bearer issued"


def test_a_closed_client_sends_nothing() -> None:
    """Closing twice does no harm."""
    with Stub(reply()) as stub:
        stub.client.close()
        with pytest.raises(AbortedError) as raised:
            list_phones(stub.client)
    assert raised.value.may_have_been_carried_out is False
    assert stub.requests == []


def test_a_client_that_was_not_closed_warns() -> None:
    """The warning says what to do."""
    client = Client(token="t")
    copy = client.with_options(max_attempts=1)
    del client
    with pytest.warns(ResourceWarning, match="a Client wasn't closed. Use it in a `with` statement"):
        del copy


def test_the_options_of_a_client_do_not_change_later() -> None:
    """The caller can reuse the dict of headers."""
    headers = {"x-one": "1"}
    with Stub(reply(), headers=headers) as stub:
        headers["x-one"] = "2"
        list_phones(stub.client)
    assert stub.requests[0].headers["x-one"] == "1"


def test_the_number_of_attempts_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """No attempt starts after the total timeout."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def take(_event: AttemptEvent) -> None:
        now[0] += 0.4

    with Stub(LOST, on_attempt=take, total_timeout=1, max_attempts=99) as stub, pytest.raises(ApiConnectionError):
        list_phones(stub.client)
    assert len(stub.requests) == 3


@pytest.mark.parametrize(
    ("reason", "may_have"),
    [
        (httpx.ConnectError("refused"), False),
        (httpx.PoolTimeout("busy"), False),
        (httpx.ConnectTimeout("slow"), False),
        (httpx.ProxyError("407"), False),
        (httpx.WriteError("reset"), True),
        (httpx.ReadTimeout("slow"), True),
        (RuntimeError("of a transport"), True),
    ],
    ids=repr,
)
def test_an_error_says_whether_a_create_may_have_been_carried_out(reason: Exception, may_have: bool) -> None:
    """Nothing was sent before there's a connection."""
    with Stub(reason) as stub, pytest.raises((ApiConnectionError, ApiTimeoutError)) as raised:
        create_phone(stub.client)
    assert raised.value.may_have_been_carried_out is may_have
    assert raised.value.reason is reason


def test_nothing_is_kept_of_a_cookie() -> None:
    """A cookie could identify a caller, and belongs to no contract."""
    with Stub(reply(None, 200, set_cookie="session=1")) as stub:
        list_phones(stub.client)
        list_phones(stub.client)
    assert "cookie" not in stub.requests[1].headers


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "127.0.0.1:9"])
def test_the_environment_is_not_read_unless_asked(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy could read the token. Many proxies are named without a scheme."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.setenv("NO_PROXY", "")
    chosen = []
    for trust_env in (False, True):
        with Client(token="t", trust_env=trust_env) as client:
            chosen.append(type(client._connection.driver._transport._pool).__name__)
    assert chosen == ["ConnectionPool", "HTTPProxy"]
