"""Finds the reasons not to dial a phone: in its record, in others with its number, and in those of the borrower."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeVar

from ._numbers import compare_numbers, is_dialable, read_number

Phone = TypeVar("Phone", bound="Mapping[str, Any] | None")

ObjectionKind = Literal[
    "no_contact",
    "not_valid",
    "deleted",
    "not_dialable",
    "unreadable_number",
    "deceased",
    "bankruptcy",
    "active_military",
    "unclear",
]
ResourceName = Literal["borrower_phones", "borrowers", "borrower_addresses"]


@dataclass(frozen=True)
class Objection:
    """A reason not to dial a number. It contains no personal data, so you can log it."""

    kind: ObjectionKind
    """
    - `no_contact`: The phone or an address is marked as do-not-contact.
    - `not_valid`: The phone has `valid: 0`.
    - `deleted`: The phone or the borrower was deleted.
    - `not_dialable`: The number isn't ten digits, or the North American Numbering Plan rules it out.
    - `unreadable_number`: Another phone must not be dialed, and its number can't be compared. It may be the same one.
    - `deceased`: The borrower is marked as deceased.
    - `bankruptcy`: The borrower has a bankruptcy on file: any value except null.
    - `active_military`: The borrower is marked as being on active military duty.
    - `unclear`: The field is missing, or has a value that the contract doesn't list.
    """
    resource: ResourceName
    """The resource of the record, as the client names it."""
    id: int | None
    """The id of the record."""
    field: str
    """The field that is the reason."""


class _NotChecked:
    def __repr__(self) -> str:
        return "NOT_CHECKED"


NOT_CHECKED: Final[Any] = _NotChecked()
"""The default of records that you leave out. `None` is something else: a record that is missing, which is a reason."""


def objections_to(
    phone: Mapping[str, Any] | None,
    *,
    phones: Sequence[Mapping[str, Any] | None] | None,
    borrower: Mapping[str, Any] | None = NOT_CHECKED,
    addresses: Sequence[Mapping[str, Any] | None] | None = NOT_CHECKED,
) -> list[Objection]:
    """Returns the reasons not to dial a phone. An empty list isn't permission to call.

    A field that is missing or has another type is a reason, too. So are `phones`, `borrower` and `addresses` if you
    pass `None`. If you leave out `borrower` and `addresses`, they aren't checked.

    The records don't say whose phone it is (it may be an emergency contact's), whether the case is marked as
    do-not-contact, or whether the borrower objected elsewhere. They also don't contain the local time or how often you
    called. They may have changed since you read them. `is_violent` and `is_fraud` aren't reasons here: you decide what
    they mean.

    Args:
        phone: The phone record.
        phones: The phones of all borrowers that may share numbers, of every type. A record that you leave out can't
            rule out a number.
        borrower: The borrower that the phone belongs to.
        addresses: All addresses of that borrower.

    Example:
        for reason in objections_to(phone, phones=phones, borrower=borrower, addresses=addresses):
            print(reason.kind, reason.resource, reason.id)
    """
    found = [
        *_objections_of_record(phone),
        *_objections_of_others(phone, _find_blocked(_to_list(phones))),
        *_objections_of_borrower(borrower, addresses),
    ]
    return list(dict.fromkeys(found))


def dialable(
    phones: Sequence[Phone],
    *,
    other_phones: Sequence[Mapping[str, Any] | None] | None = NOT_CHECKED,
    borrower: Mapping[str, Any] | None = NOT_CHECKED,
    addresses: Sequence[Mapping[str, Any] | None] | None = NOT_CHECKED,
) -> list[Phone]:
    """Returns the phones without objections. For the rules and their limits, see `objections_to`.

    Args:
        phones: All phones of one borrower. Filter the result, not the argument: a record that you leave out can't rule
            out a number.
        other_phones: The phones of other borrowers that may share numbers. If such a borrower must not be called, pass
            the phones with `no_contact: 1`.
        borrower: The borrower that the phones belong to.
        addresses: All addresses of that borrower.

    Example:
        phones = client.borrower_phones.list(order_id=57062885, borrower_id=124927241)["data"]
        candidates = [phone for phone in dialable(phones, borrower=borrower, addresses=addresses) if phone["type"] == 6]
    """
    if _objections_of_borrower(borrower, addresses):
        return []
    others = [] if other_phones is NOT_CHECKED else _to_list(other_phones)
    found = _find_blocked([*phones, *others])
    blocked = {one.number for one in found}
    blocked_ids = {one.id for one in found}
    # Only these can rule out a dialable number without being the same. Lists of thousands have few of them.
    inexact = [number for number in blocked if number is None or len(number) != 10]

    def is_clear(phone: Mapping[str, Any] | None) -> bool:
        number = read_number(_get(phone, "number"))
        return (
            may_be_dialled(phone)
            and _read_id(phone) not in blocked_ids
            and number not in blocked
            and all(compare_numbers(number, other) == "different" for other in inexact)
        )

    return [phone for phone in phones if is_clear(phone)]


def may_be_dialled(phone: Mapping[str, Any] | None) -> bool:
    """Returns whether nothing in a phone record itself rules out its number.

    It returns `True` for `valid: 1`, `no_contact: 0`, no `deleted_at` and a dialable number. It returns `False` for
    everything else, including missing fields and flags with another type. Another record can have the same number, as
    in the vendor's own example, and rule it out. Before you dial, use `dialable` or `objections_to`.

    Example:
        phone = client.borrower_phones.get(order_id=57062885, borrower_id=124927241, phone_id=39317578)["data"]
        if not may_be_dialled(phone):
            return
    """
    return not _objections_of_record(phone)


# For each field, the value that isn't an objection, and the kind of objection for the opposite value.
_RULES: dict[ResourceName, list[tuple[str, Literal[0, 1] | None, ObjectionKind]]] = {
    "borrower_phones": [("no_contact", 0, "no_contact"), ("valid", 1, "not_valid")],
    "borrowers": [
        ("is_deceased", 0, "deceased"),
        ("bankruptcy", None, "bankruptcy"),
        ("active_military", 0, "active_military"),
        ("deleted_at", None, "deleted"),
    ],
    "borrower_addresses": [("no_contact", 0, "no_contact")],
}

_MISSING: Final = object()


def _check_fields(resource: ResourceName, record: object) -> list[Objection]:
    objections = []
    for field, clear, kind in _RULES[resource]:
        value = _get(record, field, _MISSING)
        if clear is None:
            known = value is not _MISSING
            is_fine = value is None
        else:
            # `True` equals 1 in Python, but it isn't a flag.
            is_number = isinstance(value, int) and not isinstance(value, bool)
            known = is_number and value == 1 - clear
            is_fine = is_number and value == clear
        if not is_fine:
            objections.append(_create(kind if known else "unclear", resource, record, field))
    return objections


def _objections_of_record(phone: object) -> list[Objection]:
    objections = _check_fields("borrower_phones", phone)
    if _get(phone, "deleted_at") is not None:
        objections.append(_create("deleted", "borrower_phones", phone, "deleted_at"))
    if not is_dialable(_get(phone, "number")):
        objections.append(_create("not_dialable", "borrower_phones", phone, "number"))
    return objections


class _Blocked(NamedTuple):
    id: int | None
    number: str | None
    objections: list[Objection]


def _find_blocked(phones: Iterable[object]) -> list[_Blocked]:
    blocked = []
    for phone in phones:
        objections = _check_fields("borrower_phones", phone)
        if objections:
            number = read_number(_get(phone, "number"))
            unreadable = [_create("unreadable_number", "borrower_phones", phone, "number")]
            blocked.append(_Blocked(_read_id(phone), number, objections if number else unreadable))
    return blocked


def _objections_of_others(phone: object, blocked: Iterable[_Blocked]) -> list[Objection]:
    own, own_id = read_number(_get(phone, "number")), _read_id(phone)
    # The same record may have had another number when the phone was read.
    return [
        objection
        for one in blocked
        if one.id == own_id or compare_numbers(own, one.number) != "different"
        for objection in one.objections
    ]


def _objections_of_borrower(borrower: object, addresses: object) -> list[Objection]:
    found = [] if borrower is NOT_CHECKED else _check_fields("borrowers", borrower)
    for address in [] if addresses is NOT_CHECKED else _to_list(addresses):
        found += _check_fields("borrower_addresses", address)
    return found


def _to_list(items: object) -> list[object]:
    """What isn't a list counts as one record that is missing."""
    return list(items) if isinstance(items, (list, tuple)) else [None]


def _get(record: object, field: str, default: object = None) -> Any:
    return record.get(field, default) if isinstance(record, Mapping) else default


def _read_id(record: object) -> Any:
    id_ = _get(record, "id")
    return id_ if isinstance(id_, (int, str)) else None


def _create(kind: ObjectionKind, resource: ResourceName, record: object, field: str) -> Objection:
    return Objection(kind, resource, _read_id(record), field)
