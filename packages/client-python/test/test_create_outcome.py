"""`create_outcome` finds out what a create did if its response was lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, cast

import httpx
import pytest
import trio

from recoveryconnect import (
    AbortedError,
    ApiConnectionError,
    AsyncClient,
    Client,
    InvalidInputError,
    RecoveryConnectError,
    UnexpectedResponseError,
    create_outcome,
)
from recoveryconnect.types import BorrowerPhoneCreate
from test.leaks import expect_no_secret
from test.stubs import IDS, NEW_PHONE, RECORD

ITEM: dict[str, Any] = {**RECORD, "number": "678-555-0142"}
OLDER = {**ITEM, "id": 39317578}
BODY: dict[str, Any] = {**NEW_PHONE, "number": "6785550142", "extension": "", "memo": f" {NEW_PHONE['memo']} "}
OTHER = {**ITEM, "number": "678-555-0143"}
NOTED = {**ITEM, "no_contact": 1}
OLDER_NOTED = {**OLDER, "no_contact": 1}
ANOTHER_MEMO = {**ITEM, "memo": "another"}
MASKED = {**OLDER, "number": ""}
LINKS = {"first": None, "last": None, "prev": None, "next": "https://api.example.com/phones?page=2"}

Lists = Sequence[Any]


class Lost:
    """A server that loses the response to a create, and then returns these lists."""

    def __init__(self, *lists: Any) -> None:
        self.lists = lists
        self.looks = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Handles a request."""
        if request.method == "POST":
            raise httpx.ReadError("reset")
        found = self.lists[min(self.looks, len(self.lists) - 1)]
        self.looks += 1
        return httpx.Response(200, json=found if isinstance(found, dict) else {"data": found})


def look(server: Any, *, body: Any = None, before: Any = (), pauses: Any = (0, 0.001, 0.001)) -> Any:
    """Creates a phone and finds out what happened, with both clients."""
    given = cast(BorrowerPhoneCreate, BODY if body is None else body)
    with Client(token="t", transport=httpx.MockTransport(server)) as client:
        with pytest.raises(RecoveryConnectError) as raised:
            client.borrower_phones.create(**IDS, **given)
        first = create_outcome(
            client.borrower_phones, **IDS, body=given, error=raised.value, before=before, pauses=pauses
        )
    looks, server.looks = server.looks, 0
    second = asyncio.run(_look(server, given, before, pauses))
    assert second == first
    assert looks == server.looks
    return first


async def _look(server: Any, body: BorrowerPhoneCreate, before: Any, pauses: Any) -> Any:
    async with AsyncClient(token="t", transport=httpx.MockTransport(server)) as client:
        with pytest.raises(RecoveryConnectError) as raised:
            await client.borrower_phones.create(**IDS, **body)
        return await create_outcome(
            client.borrower_phones, **IDS, body=body, error=raised.value, before=before, pauses=pauses
        )


@pytest.mark.parametrize(
    ("before", "lists", "created", "found"),
    [
        ([OLDER], [[OLDER, ITEM]], True, ITEM),
        ([], [[{**ITEM, "mobile_carrier_id": 2}]], True, {**ITEM, "mobile_carrier_id": 2}),
        ([], [[{**ITEM, "number": "1-678-555-0142"}]], True, {**ITEM, "number": "1-678-555-0142"}),
        ([], [[], [], [ITEM]], True, ITEM),
        ([OLDER], [[OLDER], [OLDER], [OLDER]], False, None),
        ([], [[OTHER]], False, None),
        ([], [[ANOTHER_MEMO]], "unknown", [ANOTHER_MEMO]),
        ([], [[{**ANOTHER_MEMO, "no_contact": 1}]], "unknown", [{**ANOTHER_MEMO, "no_contact": 1}]),
        ([], [[OLDER_NOTED], [OLDER_NOTED, ITEM]], True, ITEM),
        ([], [[OLDER_NOTED, ITEM]], True, ITEM),
        ([], [[OLDER_NOTED, NOTED]], "unknown", [OLDER_NOTED, NOTED]),
        ([], [[ITEM, OLDER]], "unknown", [ITEM, OLDER]),
        (None, [[ITEM]], "unknown", [ITEM]),
        (None, [[]], False, None),
        ([{"id": str(OLDER["id"])}], [[OLDER, ITEM]], True, ITEM),
        ([OLDER], [[{**OLDER, "id": str(OLDER["id"])}, ITEM]], True, ITEM),
        *(([], [[{**ITEM, "number": number}]], "unknown", [{**ITEM, "number": number}]) for number in ("", "XXX-XXX-0142", "***", "555-0142", None)),
        *(([{"id": None}, {}], [[{**OTHER, "id": OLDER["id"]}, odd]], "unknown", [odd]) for odd in (None, "text", {}, {**ITEM, "id": None})),
        ([None, OLDER], [[OLDER]], False, None),
        ([], [[NOTED, MASKED]], "unknown", [NOTED, MASKED]),
        ([], [[MASKED, ITEM]], True, ITEM),
        ([], [[MASKED], [MASKED, ITEM]], True, ITEM),
        ([OLDER], [[MASKED]], False, None),
        ([], [{"data": [], "links": LINKS}], "unknown", []),
        ([], [{"data": [ITEM, {**OTHER, "id": 2}], "links": LINKS}], "unknown", [ITEM]),
        ([], [{"data": [], "links": {**LINKS, "next": None}}], False, None),
    ],
)  # fmt: skip
def test_a_lost_create_is_looked_for(before: Any, lists: Lists, created: object, found: Any) -> None:
    """A record that was there before isn't the created one, and doubt is never a `False`."""
    outcome = look(Lost(*lists), before=before)
    assert outcome.created == created
    if created is True:
        assert (outcome.phone, outcome.contradicts) == (found, ())
    elif created == "unknown":
        assert list(outcome.candidates) == found
    expect_no_secret(repr(outcome))


def test_a_record_that_differs_only_in_its_flags_is_the_created_one() -> None:
    """The caller learns which flags the API stored differently."""
    outcome = look(Lost([OLDER, {**ITEM, "valid": 0, "no_contact": 1}]), before=[OLDER])
    assert (outcome.created, outcome.contradicts) == (True, ("valid", "no_contact"))


@pytest.mark.parametrize(
    ("number", "phones", "created"),
    [
        ("+1 678-555-0142", [RECORD], True),
        ("+1 678-555-0143", [RECORD], False),
        ("678-555-0142 x22", [RECORD], True),
        ("678-555-0142 x22", [], False),
        ("55", [{**RECORD, "number": "55"}], "unknown"),
        ("555-0142", [{**RECORD, "number": "555-0142"}], "unknown"),
        ("555-0143", [RECORD], False),
    ],
)
def test_a_number_is_compared_by_its_digits(number: str, phones: Lists, created: object) -> None:
    """A number that can't be compared gives no certainty."""
    assert look(Lost(phones), body={"type": 6, "number": number}, pauses=[]).created == created


class Reply:
    """A server that responds to a create."""

    def __init__(self, status: int, body: object) -> None:
        self.status, self.body, self.looks = status, body, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Handles a request."""
        assert request.method == "POST"
        return httpx.Response(self.status, json=self.body)


def test_nothing_is_looked_for_if_the_outcome_is_known() -> None:
    """A rejected create wasn't carried out, and a contradicted one was."""
    assert look(Reply(422, {"message": "no", "errors": {}})).created is False
    contradicted = look(Reply(200, {"data": NOTED}))
    assert (contradicted.created, contradicted.phone, contradicted.contradicts) == (True, NOTED, ("no_contact",))


def test_it_fails_if_listing_fails() -> None:
    """The outcome is still unknown."""
    with pytest.raises(UnexpectedResponseError) as raised:
        look(Lost({"data": {}}))
    assert raised.value.operation == "listBorrowerPhones"
    expect_no_secret(raised.value)


def _errors_of_other_calls() -> list[Any]:
    found: list[Any] = [None, "text", InvalidInputError("of create_outcome")]
    with Client(token="t", transport=httpx.MockTransport(Lost([])), max_attempts=1) as client:
        with pytest.raises(UnexpectedResponseError) as raised:
            client.borrower_phones.update(**IDS, phone_id=1, no_contact=1)
        found.append(raised.value)
        with pytest.raises(ApiConnectionError) as login:
            client.authentication.create_access_token(username="u", password="p")
        found.append(login.value)
    return found


@pytest.mark.parametrize("error", _errors_of_other_calls(), ids=lambda error: type(error).__name__)
def test_the_error_of_something_else_is_rejected(error: Any) -> None:
    """It says nothing about a create."""
    server = Lost([])
    with Client(token="t", transport=httpx.MockTransport(server)) as client:
        with pytest.raises(InvalidInputError, match="error must be the exception that the create raised") as raised:
            create_outcome(client.borrower_phones, **IDS, body=cast(Any, BODY), error=error)
    assert raised.value.operation == ""
    assert server.looks == 0
    expect_no_secret(raised.value)


@pytest.mark.parametrize(
    "error",
    [asyncio.CancelledError(), TimeoutError(), asyncio.TimeoutError(), trio.TooSlowError(), SystemExit(), OSError()],
    ids=repr,
)
def test_an_interruption_leaves_the_outcome_open(error: BaseException) -> None:
    """The list tells."""
    with Client(token="t", transport=httpx.MockTransport(Lost([ITEM]))) as client:
        outcome = create_outcome(client.borrower_phones, **IDS, body=cast(Any, BODY), error=error, before=[], pauses=[])
    assert outcome.created is True


@pytest.mark.parametrize("before", [{"data": [OLDER]}, "text"], ids=["a response", "a text"])
def test_wrong_older_records_are_rejected(before: Any) -> None:
    """Without the older records, one of them could be taken for the created one."""
    server = Lost([OLDER])
    with pytest.raises(InvalidInputError, match='before must be a list of phones: the "data" of a response'):
        look(server, before=before)
    assert server.looks == 0


@pytest.mark.parametrize("pauses", [[-1], [float("nan")], [float("inf")], ["5"], [None], [True], "55", [1e10], 5, None])
def test_a_wrong_pause_is_rejected(pauses: Any) -> None:
    """Before anything is looked for."""
    server = Lost([])
    with pytest.raises(InvalidInputError, match="pauses must be"):
        look(server, pauses=pauses)
    assert server.looks == 0


@pytest.mark.parametrize("body", [None, "text", [NEW_PHONE]])
def test_a_wrong_body_is_rejected(body: Any) -> None:
    """Without the body, no record can be compared."""
    with Client(token="t", transport=httpx.MockTransport(Lost([]))) as client:
        with pytest.raises(InvalidInputError, match="body must be"):
            create_outcome(client.borrower_phones, **IDS, body=body, error=KeyboardInterrupt())


def test_the_default_pauses_take_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is how long PHP runs a request by default."""
    waited: list[float] = []
    server = Lost([])
    with Client(token="t", transport=httpx.MockTransport(server)) as client:
        monkeypatch.setattr(client._connection.driver._closed, "wait", waited.append)
        outcome = create_outcome(client.borrower_phones, **IDS, body=cast(Any, BODY), error=KeyboardInterrupt())
    assert outcome.created is False
    assert (waited, server.looks) == ([2.0, 8.0, 20.0], 4)


def test_closing_the_client_ends_it() -> None:
    """The outcome of the create is still unknown."""
    with Client(token="t", transport=httpx.MockTransport(Lost([]))) as client:
        client.close()
        with pytest.raises(AbortedError):
            create_outcome(client.borrower_phones, **IDS, body=cast(Any, BODY), error=KeyboardInterrupt())


def test_awaiting_is_needed_only_with_tasks() -> None:
    """The result for an `AsyncClient` is an awaitable."""

    async def main() -> None:
        async with AsyncClient(token="t", transport=httpx.MockTransport(Lost([]))) as client:
            outcome = create_outcome(
                client.borrower_phones, **IDS, body=cast(Any, BODY), error=KeyboardInterrupt(), pauses=[]
            )
            assert isinstance(outcome, Awaitable)
            assert (await outcome).created is False

    asyncio.run(main())
