"""A response becomes data or an error. Errors name the operation and the problem, and never repeat a value."""

from __future__ import annotations

import copy
import gzip
import pickle
import sys
import zlib
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter

import recoveryconnect
from recoveryconnect import (
    ApiConnectionError,
    ContradictionError,
    IncompleteListError,
    RateLimitedError,
    RecoveryConnectError,
    UnexpectedResponseError,
    ValidationError,
    check_responses,
)
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

MESSAGE = f"{SECRETS['memo']} {SECRETS['number']}"
ERRORS = {"number": [MESSAGE], "memo": ["No."], SECRETS["memo"]: ["No."]}
PAGE = f"<p>{SECRETS['memo']}</p>"
UNEXPECTED = {"kind": "unexpected_response", "problems": (), "may_have_been_carried_out": True}
NEXT = "https://api.example.com/phones?page=2"


def fail(call: Call, *responses: Any, **options: Any) -> Any:
    """Returns the error of a call that must fail."""
    with Stub(*responses, **{"max_attempts": 1, **options}) as stub, pytest.raises(RecoveryConnectError) as raised:
        call(stub.client)
    return raised.value


@pytest.mark.parametrize(
    ("call", "status", "body", "expected", "named", "headers"),
    [
        (list_phones, 200, [MESSAGE], UNEXPECTED, ["JSON object"], {}),
        (list_phones, 200, PAGE, UNEXPECTED, ["JSON object"], {}),
        (get_phone, 200, "null", UNEXPECTED, ["JSON object"], {}),
        (list_phones, 200, '{"data":[NaN]}', UNEXPECTED, ["JSON object"], {}),
        (list_phones, 200, '{"data":[-Infinity]}', UNEXPECTED, ["JSON object"], {}),
        (list_phones, 200, '{"data":[1e999]}', UNEXPECTED, ["JSON object"], {}),
        (list_phones, 200, f'{{"data":[{"9" * 5000}]}}', UNEXPECTED, ["JSON object"], {}),
        (list_phones, 200, "[" * 100_000, UNEXPECTED, ["JSON object"], {}),
        (list_phones, 200, {"data": {}}, {**UNEXPECTED, "problems": ("data",)}, ["contract", "data"], {}),
        (get_phone, 200, {"data": []}, {**UNEXPECTED, "problems": ("data",)}, ["contract", "data"], {}),
        (list_phones, 200, {"data": [], "links": {"next": MESSAGE}}, {"kind": "incomplete_list"}, ["one page"], {}),
        (delete_phone, 200, {"data": {"success": False}}, {**UNEXPECTED, "problems": ("data.success",)}, ["success"], {}),
        (update_phone, 200, {"data": RECORD}, {"fields": ("valid", "no_contact")}, ["valid and no_contact", "don't dial"], {}),
        (list_phones, 302, "", UNEXPECTED, ["isn't from the API"], {"location": "https://elsewhere.invalid"}),
        (create_phone, 400, {"message": MESSAGE, "errors": ERRORS}, {"kind": "refused"}, ["(refused)"], {}),
        (list_phones, 401, {"message": MESSAGE}, {"kind": "unauthenticated"}, ["(unauthenticated)"], {}),
        (list_phones, 403, {"message": MESSAGE}, {"kind": "forbidden"}, ["(forbidden)"], {}),
        (get_phone, 404, {"message": MESSAGE}, {"kind": "not_found"}, ["(not_found)"], {}),
        (get_phone, 404, {"error": MESSAGE}, UNEXPECTED, ["isn't from the API"], {}),
        (get_phone, 404, {"message": "no Route matched with those values"}, UNEXPECTED, ["isn't from the API"], {}),
        (get_phone, 404, {"message": "The route api/v140 could not be found."}, UNEXPECTED, ["isn't from the API"], {}),
        (create_phone, 418, PAGE, {"kind": "refused"}, ["(refused)"], {}),
        (create_phone, 422, {"message": MESSAGE, "errors": ERRORS}, {"field_errors": ERRORS}, ["(validation) to number, memo"], {}),
        (list_phones, 422, {"message": MESSAGE, "errors": ERRORS}, {"kind": "validation"}, ["(validation)"], {}),
        (create_phone, 422, {"message": MESSAGE}, UNEXPECTED, ["isn't from the API"], {}),
        (create_phone, 422, {"errors": ERRORS}, UNEXPECTED, ["isn't from the API"], {}),
        (create_phone, 422, PAGE, UNEXPECTED, ["isn't from the API"], {}),
        (list_phones, 429, {"message": MESSAGE}, {"kind": "rate_limited", "retry_after": None}, ["(rate_limited)"], {}),
        (list_phones, 429, {}, {"retry_after": 7.0}, ["retry after 7 s"], {"retry_after": "7"}),
        (list_phones, 429, {}, {"retry_after": None}, ["(rate_limited)"], {"retry_after": "soon"}),
        (create_phone, 451, "", {"kind": "refused", "may_have_been_carried_out": False}, ["(refused)"], {}),
        (create_phone, 500, {"message": MESSAGE}, {"may_have_been_carried_out": True}, ["(server)"], {}),
        (create_phone, 503, PAGE, {"kind": "server", "retry_after": 0.0}, ["retry after 0 s"], {"retry_after": "0"}),
    ],
)  # fmt: skip
def test_a_response_becomes_an_error(
    call: Call, status: int, body: Any, expected: dict[str, Any], named: list[str], headers: dict[str, str]
) -> None:
    """The error has what the program needs, and its message has what a person needs."""
    error = fail(call, reply(body, status, x_request_id="r-1", **headers))
    assert {name: getattr(error, name) for name in expected} == expected
    assert (error.status, error.attempts, error.request_id) == (status, 1, "r-1")
    assert str(error).startswith(f"{error.operation}: ")
    for text in named:
        assert text in str(error)
    expect_no_secret(error)
    if isinstance(body, dict):
        assert error.body == body


@pytest.mark.parametrize(
    ("sent", "returned", "fields"),
    [
        ({"no_contact": 1}, {"no_contact": 0}, ("no_contact",)),
        ({"valid": 0}, {"valid": 1}, ("valid",)),
        ({"valid": 0, "no_contact": 1}, {"valid": 1, "no_contact": 0}, ("valid", "no_contact")),
        ({"no_contact": 1}, {}, ("no_contact",)),
        ({"no_contact": 0}, {"no_contact": None}, ("no_contact",)),
        ({"no_contact": 1}, {"no_contact": True}, ("no_contact",)),
        ({"no_contact": 0}, {"no_contact": False}, ("no_contact",)),
        ({"no_contact": 0}, {"no_contact": ""}, ("no_contact",)),
        ({"no_contact": 1}, {"no_contact": 1, "valid": 0}, ()),
        ({"no_contact": 1}, {"no_contact": "1"}, ()),
        ({"memo": "home"}, {"memo": "home", "no_contact": 1, "valid": 0}, ()),
    ],
)
def test_a_flag_that_comes_back_different_is_a_contradiction(
    sent: dict[str, Any], returned: dict[str, Any], fields: tuple[str, ...]
) -> None:
    """The API stored something else, so the number must not be dialed."""
    with Stub(reply({"data": {"id": 1, "number": SECRETS["number"], **returned}})) as stub:
        if fields:
            with pytest.raises(ContradictionError) as raised:
                stub.client.borrower_phones.update(**IDS, phone_id=1, **sent)
            assert (raised.value.fields, raised.value.may_have_been_carried_out) == (fields, True)
            assert raised.value.body["data"]["id"] == 1
            expect_no_secret(raised.value)
        else:
            stub.client.borrower_phones.update(**IDS, phone_id=1, **sent)


LISTS = ["borrowers", "borrower_addresses", "borrower_phones"]


def _list(client: Any, resource: str) -> Any:
    ids = {"order_id": 1} if resource == "borrowers" else IDS
    return getattr(client, resource).list(**ids)


@pytest.mark.parametrize("resource", LISTS)
@pytest.mark.parametrize(
    "paging",
    [
        {"links": {"first": None, "last": None, "prev": None, "next": NEXT}},
        {"links": {"next": ""}},
        {"links": {"prev": NEXT, "next": None}},
        {"meta": {"links": {"next": NEXT}}},
        {"next_page_url": NEXT},
        {"current_page": 2, "last_page": 2, "prev_page_url": NEXT, "next_page_url": None},
        {"meta": {"current_page": 1, "last_page": 2}},
        {"meta": {"current_page": "9", "last_page": "10"}},
        {"meta": {"last_page": 2}},
        {"meta": {"current_page": 2, "last_page": 2}},
        {"meta": {"total": 3}},
        {"meta": {"total": "20", "per_page": "20"}},
        {"total": 3},
    ],
    ids=repr,
)
def test_a_page_is_an_error(resource: str, paging: dict[str, Any]) -> None:
    """A missing record can be the one that rules out a number."""
    body = {"data": [RECORD, RECORD], **paging}
    error = fail(lambda client: _list(client, resource), reply(body))
    assert isinstance(error, IncompleteListError)
    assert (error.status, error.attempts, error.body) == (200, 1, body)
    expect_no_secret(error)


@pytest.mark.parametrize("resource", LISTS)
@pytest.mark.parametrize(
    "paging",
    [
        {"links": {"first": NEXT, "last": NEXT, "prev": None, "next": None}},
        {"links": None, "meta": None},
        {"links": {}},
        {"links": [{"url": None, "label": "Next", "active": False}]},
        {"meta": {"current_page": 1, "last_page": 1, "per_page": "20", "from": 1, "to": 2, "total": 2}},
        {"current_page": 1, "last_page": 1, "next_page_url": None, "prev_page_url": None, "total": "2"},
        {"meta": {"fixme": {"total": "x", "current_page": None}}},
        {"meta": "page 1 of 2"},
        {"total": [], "last_page": {}},
    ],
    ids=repr,
)
def test_a_whole_list_is_returned(resource: str, paging: dict[str, Any]) -> None:
    """The body is returned as it is."""
    body = {"data": [RECORD, RECORD], **paging}
    with Stub(reply(body)) as stub:
        assert _list(stub.client, resource) == body


def test_only_lists_can_be_incomplete() -> None:
    """A single record may have links."""
    body = {"data": RECORD, "links": {"next": NEXT}, "total": 9}
    with Stub(reply(body)) as stub:
        assert get_phone(stub.client) == body


@pytest.mark.parametrize("status", [200, 201, 202])
def test_any_2xx_is_a_success(status: int) -> None:
    """The vendor's 200 for a create could become a 201."""
    with Stub(reply({"data": RECORD, "status": "success"}, status)) as stub:
        assert create_phone(stub.client) == {"data": RECORD, "status": "success"}


def test_a_byte_order_mark_and_wrong_bytes_do_no_harm() -> None:
    """As in browsers, a byte order mark is left out."""
    with Stub(reply('\ufeff{"data":[]}')) as stub:
        assert list_phones(stub.client) == {"data": []}


BODY = b'{"data":[]}'


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("gzip", gzip.compress(BODY)),
        ("GZip", gzip.compress(BODY)),
        ("x-gzip", gzip.compress(BODY)),
        ("gzip", gzip.compress(BODY[:5]) + gzip.compress(BODY[5:])),
        ("deflate", zlib.compress(BODY)),
        ("identity", BODY),
    ],
)
def test_a_compressed_body_is_read(encoding: str, content: bytes) -> None:
    """The client asks for gzip, and reads what servers send anyway."""
    response = reply()
    response.headers["content-encoding"] = encoding
    response._content = content
    with Stub(response) as stub:
        assert list_phones(stub.client) == {"data": []}
    assert stub.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("encoding", "content"),
    [("gzip", BODY), ("gzip", gzip.compress(BODY)[:-9]), ("br", BODY), ("gzip, gzip", gzip.compress(BODY))],
)
def test_a_body_that_cannot_be_decompressed_is_a_lost_response(encoding: str, content: bytes) -> None:
    """What the API stored is unknown."""
    response = reply()
    response.headers["content-encoding"] = encoding
    response._content = content
    error = fail(create_phone, response)
    assert isinstance(error, ApiConnectionError)
    assert error.may_have_been_carried_out


@pytest.mark.parametrize("compress", [False, True])
def test_a_body_of_exactly_the_limit_is_accepted(compress: bool) -> None:
    """The limit holds after decompression."""
    response = reply()
    if compress:
        response.headers["content-encoding"] = "gzip"
        response._content = gzip.compress(BODY)
    else:
        response._content = BODY
    with Stub(response, max_response_bytes=len(BODY)) as stub:
        assert list_phones(stub.client) == {"data": []}
    error = fail(list_phones, response, max_response_bytes=len(BODY) - 1)
    assert isinstance(error, UnexpectedResponseError)
    assert "max_response_bytes (10)" in str(error)


def test_the_body_of_an_error_that_is_too_long_is_dropped() -> None:
    """The status says enough."""
    error = fail(list_phones, reply("long enough", 500), max_response_bytes=5)
    assert (error.kind, error.body) == ("server", "")


def test_an_error_is_copied_without_its_hidden_parts() -> None:
    """A process pool, a queue or an error tracker gets what a log may show."""
    error = fail(get_phone, reply({"message": MESSAGE}, 429, x_request_id="r-2", retry_after="7"))
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301
        assert type(twin) is RateLimitedError
        assert twin.to_dict() == error.to_dict()
        assert (twin.body, twin.headers, twin.request_id, twin.reason) == (None, None, None, None)
    assert error.to_dict() == {
        "message": str(error),
        "kind": "rate_limited",
        "operation": "getBorrowerPhone",
        "attempts": 1,
        "may_have_been_carried_out": False,
        "status": 429,
        "retry_after": 7.0,
    }
    assert "r-2" not in repr(vars(error))
    assert b"r-2" not in pickle.dumps(vars(error))


def test_an_error_can_be_created_by_a_test() -> None:
    """A program's own tests need no server to raise an error."""
    error = RateLimitedError("busy", operation="listBorrowerPhones", retry_after=5)
    assert (error.kind, error.retry_after, error.body) == ("rate_limited", 5, None)
    assert ValidationError("rejected").field_errors == {}


def test_a_failure_within_another_one_has_only_the_context_of_the_caller() -> None:
    """The exceptions of httpx, which have the request with its token, aren't chained."""
    try:
        raise KeyError("mine")
    except KeyError as mine:
        error = fail(create_phone, ValueError(SECRETS["token"]))
        assert error.__context__ is mine
    assert isinstance(error.reason, ValueError)
    assert error.__cause__ is None


SCHEMA = {"properties": {"data": {"items": {"properties": {"valid": {"type": "integer"}}}}}}
WRONG = {"data": [{**RECORD, "valid": SECRETS["memo"]}]}


class Phone(BaseModel):
    """A phone, as far as a program needs it."""

    valid: int


class PhoneList(BaseModel):
    """A list of phones."""

    data: list[Phone]


VALIDATORS: list[Any] = [Draft202012Validator(SCHEMA), TypeAdapter(PhoneList)]
# Pydantic needs another `TypedDict` on older versions.
if sys.version_info >= (3, 12):
    VALIDATORS.append(TypeAdapter(recoveryconnect.types.BorrowerPhoneList))


@pytest.mark.parametrize("validator", VALIDATORS, ids=lambda validator: type(validator).__name__)
def test_a_response_can_be_validated(validator: Any) -> None:
    """The error lists the paths, and never the values."""
    check = check_responses({"listBorrowerPhones": validator})
    error = fail(list_phones, reply(WRONG), check_response=check)
    assert isinstance(error, UnexpectedResponseError)
    assert "data.0.valid" in error.problems
    expect_no_secret(error)
    with Stub(reply({"data": []}), reply({"data": RECORD}), check_response=check) as stub:
        list_phones(stub.client)
        get_phone(stub.client)


def test_a_path_with_personal_data_is_hidden() -> None:
    """A server can choose the names of properties."""
    validator = Draft202012Validator({"additionalProperties": {"type": "array"}})
    body = {"data": [], SECRETS["firstname"]: 1}
    error = fail(list_phones, reply(body), check_response=check_responses({"listBorrowerPhones": validator}))
    assert error.problems == ("?",)
    error = fail(
        list_phones, reply(), check_response=check_responses({"listBorrowerPhones": Draft202012Validator(False)})
    )
    assert error.problems == ("(root)",)


def test_a_check_that_raises_is_named() -> None:
    """The exception of the check is the reason."""
    reason = RuntimeError(SECRETS["number"])

    def check(_operation: str, _body: Any) -> None:
        raise reason

    error = fail(list_phones, reply(), check_response=check)
    assert isinstance(error, UnexpectedResponseError)
    assert error.reason is reason
    assert "check_response failed" in str(error)
    expect_no_secret(error)


def test_the_body_can_be_reused_by_the_caller() -> None:
    """The client empties only its own copy."""
    body = dict(NEW_PHONE)
    with Stub(reply({"data": RECORD})) as stub:
        stub.client.borrower_phones.create(**IDS, **body)
    assert body == NEW_PHONE
    assert stub.bodies == [NEW_PHONE]
