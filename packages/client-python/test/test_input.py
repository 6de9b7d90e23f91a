"""Input is checked before anything is sent, and no message repeats a value."""

from __future__ import annotations

import inspect
from typing import Any

import httpx
import pytest

from recoveryconnect import AsyncClient, Client, InvalidInputError, LoginToken, read_environment
from test.leaks import expect_no_secret
from test.servers import SECRETS
from test.stubs import IDS, NEW_PHONE, Stub, reply

TOKEN = SECRETS["token"]
TEXTS = [
    "..",
    ".",
    "",
    "a/b",
    "a\\b",
    "%2e%2e",
    "..%2f",
    " ",
    "1 ",
    "1?x",
    "1#x",
    "ü",
    "\n",
    "1\n",
    "1٣",
    "1\0",
    "..;",
    "٣",
    "1_0",
]
ODD: list[Any] = [
    float("nan"),
    1.0,
    1.5,
    None,
    {},
    [],
    ["1"],
    True,
    False,
    0,
    -1,
    "0",
    "-1",
    "01",
    "+1",
    "abc",
    2**63,
    str(2**63),
]


@pytest.mark.parametrize("name", ["order_id", "borrower_id", "phone_id"])
@pytest.mark.parametrize("value", [*TEXTS, *ODD, 10**5000, b"1", object()], ids=lambda value: repr(type(value)))
def test_an_id_that_is_none_is_rejected(name: str, value: Any) -> None:
    """An id can't change the path."""
    with Stub(reply()) as stub, pytest.raises(InvalidInputError) as raised:
        stub.client.borrower_phones.get(**{**IDS, "phone_id": 1, name: value})
    assert str(raised.value) == f"getBorrowerPhone: {name} must be a whole number from 1 to 2^63-1"
    assert (raised.value.attempts, raised.value.may_have_been_carried_out) == (0, False)
    assert stub.requests == []


class Odd(str):
    """A text that pretends to be another one."""

    def __str__(self) -> str:
        return "../.."

    __repr__ = __str__


@pytest.mark.parametrize("value", [1, 57062885, 2**53 + 1, 2**63 - 1, "57062885", str(2**63 - 1), Odd("57062885")])
def test_an_id_is_sent(value: Any) -> None:
    """An id can be a number or a text."""
    with Stub(reply()) as stub:
        stub.client.borrowers.list(order_id=value)
    text = "57062885" if isinstance(value, Odd) else str(value)
    assert str(stub.requests[0].url) == f"https://api.mbsisystems.com/api/v140/orders/{text}/borrowers"


@pytest.mark.parametrize(
    "base_url",
    [
        f"https://user:{TOKEN}@api.example.com",
        f"https://{TOKEN}@api.example.com",
        f"https://api.example.com?token={TOKEN}",
        "https://api.example.com?",
        f"https://api.example.com#{TOKEN}",
        "http://api.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://notlocalhost",
        "http://10.0.0.1",
        "ftp://localhost",
        "javascript:alert(1)",
        "api.example.com",
        "//api.example.com",
        "/api",
        "",
        "https://",
        "https://api.example.com\\@evil.example.com",
        "https://api.example.com/a b",
        "https://[::1",
        5,
    ],
)
def test_a_wrong_base_url_is_rejected(base_url: Any) -> None:
    """The token can't go to a server in plain text, and the URL has no secret."""
    for create in (
        lambda: Client(token=TOKEN, base_url=base_url),
        lambda: LoginToken(username="u", password=TOKEN, base_url=base_url),
    ):
        with pytest.raises(InvalidInputError, match=r"base_url .*https:.*localhost") as raised:
            create()
        expect_no_secret(raised.value)


@pytest.mark.parametrize(
    ("base_url", "start"),
    [
        ("https://api.example.com", "https://api.example.com/api/v140/"),
        ("https://proxy.example.com/recovery//", "https://proxy.example.com/recovery/api/v140/"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010/api/v140/"),
        ("http://127.0.0.123:1", "http://127.0.0.123:1/api/v140/"),
        ("http://[::1]:4010/", "http://[::1]:4010/api/v140/"),
        ("http://api.localhost", "http://api.localhost/api/v140/"),
        (None, "https://api.mbsisystems.com/api/v140/"),
    ],
)
def test_a_base_url_is_used(base_url: str | None, start: str) -> None:
    """The path of a proxy stays."""
    with Stub(reply(), base_url=base_url) as stub:
        stub.client.borrowers.list(order_id=1)
    assert str(stub.requests[0].url).startswith(start)


@pytest.mark.parametrize(
    ("hosts", "allowed"), [(["sandbox"], True), ("sandbox", True), (["other"], False), ([], False)]
)
def test_http_works_for_named_hosts(hosts: Any, allowed: bool) -> None:
    """A test environment can name its hosts."""
    options: dict[str, Any] = {"token": TOKEN, "base_url": "http://sandbox:4020", "http_hosts": hosts}
    if allowed:
        Client(**options).close()
    else:
        with pytest.raises(InvalidInputError, match="http_hosts"):
            Client(**options)


@pytest.mark.parametrize(
    "token", ["", " ", f"{TOKEN}\r\nx: 1", f"{TOKEN}\n", f"Bearer {TOKEN}", "tökén", "\0", None, 5, {}]
)
def test_a_wrong_token_is_rejected(token: Any) -> None:
    """A token can't add a header."""
    with pytest.raises(InvalidInputError, match="token must be visible ASCII") as raised:
        Client(token=token)
    expect_no_secret(raised.value)


NUMBERS = [0, -1, float("nan"), float("inf"), "10", None, True, 2**31]


async def coroutine_function(*_: object) -> None:
    """Would never run as a hook, because nobody awaits it."""


OPTIONS: list[tuple[str, Any]] = [
    *(("attempt_timeout", value) for value in NUMBERS),
    *(("total_timeout", value) for value in NUMBERS),
    *(("max_attempts", value) for value in [*NUMBERS, 1.5, 2.0]),
    *(("max_response_bytes", value) for value in [*NUMBERS, 1.5]),
    *(
        (name, value)
        for name in ("on_attempt", "on_wait", "check_response")
        for value in (5, "text", coroutine_function)
    ),
    *((name, value) for name in ("allow_unknown_keys", "retry_cleared_flags") for value in (1, None, "yes")),
    *(("headers", value) for value in (5, "x: 1", None, [("x", "1")])),
    *(
        ("headers", {name: "1"})
        for name in ("", "a b", "x:", "x\n", "ü", 5, "Host", "content-length", "Transfer-Encoding")
    ),
    *(("headers", {"x-one": value}) for value in (f"{TOKEN}\nx", " padded ", "ü", 5, b"1", f"{TOKEN}\0")),
]


@pytest.mark.parametrize(("name", "value"), OPTIONS, ids=repr)
def test_a_wrong_option_is_rejected(name: str, value: Any) -> None:
    """A client, a copy and a login reject it before anything is sent."""
    with Stub(reply()) as stub:
        for create in (
            lambda: Client(token=TOKEN, **{name: value}),
            lambda: stub.client.with_options(**{name: value}),
            lambda: LoginToken(username="u", password=TOKEN, **{name: value}),
        ):
            with pytest.raises(InvalidInputError, match=name) as raised:
                create()
            expect_no_secret(raised.value)
    assert stub.requests == []


@pytest.mark.parametrize(
    ("name", "closest"),
    [("maxAttempts", "max_attempts"), ("timeout", "total_timeout"), ("header", "headers"), ("baseURL", "base_url")],
)
def test_an_unknown_option_is_rejected_with_the_closest_name(name: str, closest: str) -> None:
    """A typo can't turn off a limit."""
    options: dict[str, Any] = {name: 5}
    with pytest.raises(InvalidInputError, match=f"{name} isn't an option. Did you mean {closest}\\?"):
        Client(token=TOKEN, **options)


@pytest.mark.parametrize(
    ("create", "given"), [(Client, {"token": TOKEN}), (LoginToken, {"username": "u", "password": TOKEN})]
)
def test_every_parameter_is_suggested(create: Any, given: dict[str, Any]) -> None:
    """Those that aren't options of a call, too."""
    names = [name for name in inspect.signature(create).parameters if name != "options"]
    assert len(names) > 5
    for name in names:
        with pytest.raises(InvalidInputError, match=f"Did you mean {name}\\?") as raised:
            create(**given, **{f"{name}s": TOKEN})
        expect_no_secret(raised.value)


@pytest.mark.parametrize("name", ["max_retries", "x"])
def test_an_option_without_a_close_name_is_rejected_with_all_names(name: str) -> None:
    """A wrong suggestion is worse than none."""
    options: dict[str, Any] = {name: 5}
    with pytest.raises(InvalidInputError, match=f"{name} isn't an option. Use one of .*max_attempts"):
        Client(token=TOKEN, **options)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("verify", False),
        ("verify", "company.pem"),
        ("trust_env", "no"),
        ("transport", httpx.Client),
        ("transport", "text"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("create", [Client, AsyncClient])
def test_a_wrong_connection_option_is_rejected(create: Any, name: str, value: Any) -> None:
    """It would have no effect, or fail each call."""
    with pytest.raises(InvalidInputError, match=f"{name} must be"):
        create(**{"token": TOKEN, name: value})


def test_the_transport_of_the_other_client_is_rejected() -> None:
    """It would fail each call."""
    transports: Any = (httpx.AsyncHTTPTransport(), httpx.HTTPTransport())
    with pytest.raises(InvalidInputError, match="handle_request"):
        Client(token=TOKEN, transport=transports[0])
    with pytest.raises(InvalidInputError, match="handle_async_request"):
        AsyncClient(token=TOKEN, transport=transports[1])


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"noContact": 1}, r"noContact isn't a field of the body. Did you mean no_contact\?"),
        ({**NEW_PHONE, "nocontact": 1}, r"nocontact isn't a field of the body. Did you mean no_contact\?"),
        ({"__class__": 1}, "__class__ isn't a field of the body. Use one of type, "),
        ({SECRETS["number"]: 1}, r"\(name hidden\) isn't a field"),
        ({"no_contact": True}, "no_contact must be 0 or 1"),
        ({"no_contact": "1"}, "no_contact must be 0 or 1"),
        ({"no_contact": 1.0}, "no_contact must be 0 or 1"),
        ({"valid": None}, "valid must be 0 or 1"),
        ({"valid": 2}, "valid must be 0 or 1"),
        ({"type": float("nan")}, "type must be a whole number"),
        ({"type": 1.5}, "type must be a whole number"),
        ({"mobile_carrier_id": 2**63}, "mobile_carrier_id must be a whole number"),
        ({"memo": {1, 2}}, "memo can't be encoded as JSON"),
        ({"memo": b"text"}, "memo can't be encoded as JSON"),
        ({"memo": {"a": float("inf")}}, "memo can't be encoded as JSON"),
        ({"memo": "\ud800"}, "memo can't be encoded as JSON"),
    ],
    ids=repr,
)
def test_a_wrong_body_is_rejected(body: dict[str, Any], named: str) -> None:
    """Neither a create nor an update is sent."""
    with Stub(reply()) as stub:
        phones = stub.client.borrower_phones
        with pytest.raises(InvalidInputError, match=named) as create:
            phones.create(**IDS, **body)
        with pytest.raises(InvalidInputError, match=named) as update:
            phones.update(**IDS, phone_id=1, **body)
    for raised in (create, update):
        expect_no_secret(raised.value)
    assert stub.requests == []


def test_unknown_fields_are_sent_on_request() -> None:
    """Whoever knows more than the contract can say so."""
    body: dict[str, Any] = {**NEW_PHONE, "priority": 1, "no_contact": True}
    with Stub(reply({"data": {**NEW_PHONE, "no_contact": 1}}), allow_unknown_keys=True) as stub:
        stub.client.borrower_phones.create(**IDS, **body)
    assert stub.bodies == [body]


def test_integers_are_exact() -> None:
    """Python doesn't round the integers that JavaScript rounds."""
    record = {**NEW_PHONE, "id": 2**53 + 1, "mobile_carrier_id": 2**63 - 1}
    with Stub(reply({"data": record})) as stub:
        found = stub.client.borrower_phones.create(**IDS, **{**NEW_PHONE, "mobile_carrier_id": 2**63 - 1})
    assert found["data"]["id"] == 9007199254740993
    assert stub.bodies[0]["mobile_carrier_id"] == 9223372036854775807


@pytest.mark.parametrize(
    ("environment", "base_url"),
    [
        ({"RECOVERYCONNECT_TOKEN": TOKEN}, None),
        ({"RECOVERYCONNECT_TOKEN": TOKEN, "RECOVERYCONNECT_URL": ""}, None),
        ({"RECOVERYCONNECT_TOKEN": TOKEN, "RECOVERYCONNECT_URL": "http://localhost:1"}, "http://localhost:1"),
    ],
)
def test_the_environment_has_a_token(environment: dict[str, str], base_url: str | None) -> None:
    """Empty variables count as missing."""
    assert read_environment(environment) == {"token": TOKEN, "base_url": base_url}


def test_the_environment_has_an_account() -> None:
    """The account logs in, unless there's a token."""
    account = {"RECOVERYCONNECT_USERNAME": "u", "RECOVERYCONNECT_PASSWORD": TOKEN}
    token = read_environment(account)["token"]
    assert isinstance(token, LoginToken)
    expect_no_secret(token)
    expect_no_secret(vars(token))
    assert read_environment({**account, "RECOVERYCONNECT_TOKEN": "other"})["token"] == "other"


@pytest.mark.parametrize("environment", [{}, {"RECOVERYCONNECT_TOKEN": ""}, {"RECOVERYCONNECT_USERNAME": "u"}])
def test_an_environment_without_a_token_is_rejected(environment: dict[str, str]) -> None:
    """The message names the variables."""
    with pytest.raises(InvalidInputError, match="set RECOVERYCONNECT_TOKEN"):
        read_environment(environment)


@pytest.mark.parametrize(
    ("name", "value"), [("username", ""), ("password", ""), ("password", None), ("renew_before", -1)]
)
def test_a_wrong_account_is_rejected(name: str, value: Any) -> None:
    """Nothing is sent with half an account."""
    options: dict[str, Any] = {"username": "u", "password": TOKEN, name: value}
    with pytest.raises(InvalidInputError, match=name) as raised:
        LoginToken(**options)
    expect_no_secret(raised.value)
