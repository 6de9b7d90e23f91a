"""Finds out what a create did if its response was lost."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, overload

from ._core import Connection, call, pause
from ._effects import Steps
from ._errors import (
    ContradictionError,
    IncompleteListError,
    Progress,
    RecoveryConnectError,
    create_input_error,
)
from ._generated import (
    CREATE_BORROWER_PHONE,
    LIST_BORROWER_PHONES,
    AsyncBorrowerPhones,
    BorrowerPhone,
    BorrowerPhoneCreate,
    BorrowerPhones,
)
from ._guard import hide_frames
from ._input import Id, is_pause
from ._numbers import compare_numbers, read_number


@dataclass(frozen=True)
class Created:
    """The create succeeded."""

    phone: BorrowerPhone = field(repr=False)
    contradicts: tuple[str, ...] = ()
    """The flags that the API stored with a different value than you sent. If there are any, don't dial."""
    created: Literal[True] = True


@dataclass(frozen=True)
class NotCreated:
    """The record wasn't there at the last look."""

    created: Literal[False] = False


@dataclass(frozen=True)
class Unknown:
    """Records that may be the created one. Let a person decide, and don't create the record again."""

    candidates: tuple[BorrowerPhone, ...] = field(repr=False)
    created: Literal["unknown"] = "unknown"


CreateOutcome = Created | NotCreated | Unknown
"""The outcome of a create. `created` is `True`, `False` or `"unknown"`."""

_FLAGS = {"valid", "no_contact"}
_PAUSES = (0.0, 2.0, 8.0, 20.0)


@overload
def create_outcome(
    borrower_phones: BorrowerPhones,
    *,
    order_id: Id,
    borrower_id: Id,
    body: BorrowerPhoneCreate,
    error: BaseException,
    before: Iterable[Mapping[str, Any]] | None = None,
    pauses: Sequence[float] = _PAUSES,
) -> CreateOutcome: ...
@overload
def create_outcome(
    borrower_phones: AsyncBorrowerPhones,
    *,
    order_id: Id,
    borrower_id: Id,
    body: BorrowerPhoneCreate,
    error: BaseException,
    before: Iterable[Mapping[str, Any]] | None = None,
    pauses: Sequence[float] = _PAUSES,
) -> Awaitable[CreateOutcome]: ...
@hide_frames
def create_outcome(
    borrower_phones: BorrowerPhones | AsyncBorrowerPhones,
    *,
    order_id: Id,
    borrower_id: Id,
    body: BorrowerPhoneCreate,
    error: BaseException,
    before: Iterable[Mapping[str, Any]] | None = None,
    pauses: Sequence[float] = _PAUSES,
) -> CreateOutcome | Awaitable[CreateOutcome]:
    """Finds out whether a create succeeded although its response was lost, so that you don't create a duplicate.

    It lists the phones and compares them with the body. With `before` (list, then create), a single new record that
    matches in every field is the created one. If none matches, and the only new record that can have the number differs
    only in its flags, that record is the created one. `contradicts` then names these flags.

    `NotCreated` means that the record wasn't there at the last look. A server that is still working can create it
    later, so choose pauses that are longer than the server needs. `Unknown` can also mean that the list proves nothing:
    it's one page of several, or your number or that of a new record can't be compared.

    Args:
        borrower_phones: `client.borrower_phones`. With an `AsyncClient`, await the result.
        order_id: The id that you passed to the create.
        borrower_id: The id that you passed to the create.
        body: The fields that you passed to the create.
        error: The exception that the create raised, or what interrupted it, such as `asyncio.CancelledError`,
            `trio.TooSlowError`, `TimeoutError` or `KeyboardInterrupt`.
        before: The phones that you listed before the create. Without them, a matching record may be an older one.
        pauses: The pause before each look, in seconds. A slow server may still be working. Default: 0, 2, 8 and 20.
            That is half a minute in total. It's our choice, because the vendor documents no limit. Until the last
            look, `create_outcome` returns only a record that matches in every field.

    Raises:
        RecoveryConnectError: if listing fails.
        InvalidInputError: if an argument is invalid, such as the error of another call.

    Example:
        before = client.borrower_phones.list(order_id=57062885, borrower_id=124927241)["data"]
        try:
            client.borrower_phones.create(order_id=57062885, borrower_id=124927241, **body)
        except RecoveryConnectError as error:
            outcome = create_outcome(
                client.borrower_phones,
                order_id=57062885, borrower_id=124927241, body=body, error=error, before=before,
            )
            if outcome.created is True:
                print("created:", outcome.phone["id"], *outcome.contradicts)
    """
    if not isinstance(pauses, Sequence) or not all(is_pause(seconds) for seconds in pauses):
        raise create_input_error("pauses must be a list of seconds, each 0 or more")
    if not isinstance(body, Mapping):
        raise create_input_error("body must be a dict of the fields that you passed to the create")
    if isinstance(before, (Mapping, str)):
        raise create_input_error('before must be a list of phones: the "data" of a response')
    connection = borrower_phones._connection
    older = None if before is None else {_read_id(phone) for phone in before}
    ids = {"order_id": order_id, "borrower_id": borrower_id}
    steps = _find_outcome(connection, ids, dict(body), _read_error(error), older, tuple(pauses) or (0.0,))
    return connection.driver.run(steps)  # type: ignore[no-any-return]


def _read_error(error: object) -> RecoveryConnectError | None:
    """Returns `None` for an interruption, which says nothing about the outcome."""
    if isinstance(error, RecoveryConnectError):
        # The error of another call, or of `create_outcome` itself, says nothing about the create.
        if error.operation == CREATE_BORROWER_PHONE.id:
            return error
    elif isinstance(error, BaseException):
        return None
    raise create_input_error("error must be the exception that the create raised")


def _find_outcome(
    connection: Connection,
    ids: Mapping[str, object],
    body: dict[str, Any],
    error: RecoveryConnectError | None,
    older: set[str] | None,
    pauses: Sequence[float],
) -> Steps[CreateOutcome]:
    if isinstance(error, ContradictionError) and error.body is not None:
        return Created(error.body["data"], error.fields)
    if error is not None and not error.may_have_been_carried_out:
        return NotCreated()
    progress = Progress(CREATE_BORROWER_PHONE.id)
    progress.attempts = error.attempts if error else 1
    progress.may_have_been_carried_out = True
    outcome: CreateOutcome = NotCreated()
    for seconds in pauses:
        if seconds:
            yield from pause(progress, seconds)
        try:
            found = yield from call(connection, LIST_BORROWER_PHONES, ids, {})
        except IncompleteListError as page:
            return Unknown(tuple(_find_candidates(page.body["data"], body, older)))
        outcome = _choose_outcome(_find_candidates(found["data"], body, older), body, older)
        # As long as the server may be working on the create, a record with other flags may be someone else's.
        if isinstance(outcome, Created) and not outcome.contradicts:
            break
    return outcome


def _find_candidates(phones: Iterable[Any], body: Mapping[str, Any], older: set[str] | None) -> list[BorrowerPhone]:
    """Finds the new records that may have the number of the create."""
    sent = read_number(body.get("number"))
    return [
        phone
        for phone in phones
        if not (_read_id(phone) and _read_id(phone) in (older or ()))
        and compare_numbers(sent, _read_number(phone)) != "different"
    ]


def _read_id(phone: object) -> str:
    """Returns the id as text, or an empty text for a record without one, which may be new or old."""
    id_ = phone.get("id") if isinstance(phone, Mapping) else None
    return "" if id_ is None else str(id_)


def _read_number(phone: object) -> str | None:
    return read_number(phone.get("number")) if isinstance(phone, Mapping) else None


def _choose_outcome(candidates: list[BorrowerPhone], body: Mapping[str, Any], older: set[str] | None) -> CreateOutcome:
    if not candidates:
        return NotCreated()
    sent = read_number(body.get("number"))
    same, close = [], []
    for phone in candidates:
        if older is None or not _read_id(phone) or sent is None or len(sent) != 10 or _read_number(phone) != sent:
            continue
        differences = _find_differences(phone, body)
        if not differences:
            same.append(Created(phone))
        elif set(differences) <= _FLAGS:
            close.append(Created(phone, differences))
    found = (same or close)[:1]
    is_only = len(same) == 1 or len(candidates) == 1
    return found[0] if found and is_only else Unknown(tuple(candidates))


def _find_differences(phone: Mapping[str, Any], body: Mapping[str, Any]) -> tuple[str, ...]:
    """Finds the fields in which a record differs. A server may trim text, or store an empty one as null."""
    return tuple(
        name for name, value in body.items() if name != "number" and _normalize(value) != _normalize(phone.get(name))
    )


def _normalize(value: object) -> str:
    return "" if value is None else str(int(value) if isinstance(value, int) else value).strip()
