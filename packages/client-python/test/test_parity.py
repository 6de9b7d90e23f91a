"""The Python client does the same as the TypeScript client."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from functools import cache
from typing import Any

import pytest

from recoveryconnect import NOT_CHECKED, dialable, may_be_dialled, objections_to
from recoveryconnect._numbers import compare_numbers, is_dialable, read_number
from recoveryconnect._retry import parse_retry_after
from test.servers import run_node


@cache
def load_cases() -> dict[str, list[Any]]:
    """Returns cases with the results of the TypeScript client."""
    return json.loads(run_node("cases.ts"))  # type: ignore[no-any-return]


def test_numbers_are_read_alike() -> None:
    """Thousands of notations give the same digits."""
    cases = load_cases()["numbers"]
    assert len(cases) > 3_000
    wrong = [
        case
        for case in cases
        if _is_known(case["number"])
        and (read_number(case["number"]), is_dialable(case["number"])) != (case["read"], case["dialable"])
    ]
    assert wrong == []


def _is_known(number: object) -> bool:
    """Returns whether this Python knows every character. An older one reads a number in a new script as unreadable."""
    return not any(unicodedata.category(letter) == "Cn" for letter in str(number))


def test_numbers_are_compared_alike() -> None:
    """Each pair of numbers compares alike."""
    wrong = [case for case in load_cases()["compared"] if compare_numbers(case[0], case[1]) != case[2]]
    assert wrong == []


def test_the_reasons_not_to_dial_are_alike() -> None:
    """Each variant of a record has the same reasons, in the same order."""
    cases = load_cases()["dialing"]
    assert len(cases) > 200
    wrong = [case for case in cases if _describe(case) != _expected(case)]
    assert wrong == []


def _describe(case: dict[str, Any]) -> object:
    phone, records = case["phone"], case["records"]
    checked = {name: records[name] for name in ("borrower", "addresses") if name in records}
    found = objections_to(phone, phones=records["phones"], **checked)
    reasons = [(one.kind, one.resource, one.id, one.field) for one in found]
    others = records.get("phones", NOT_CHECKED)
    return reasons, may_be_dialled(phone), len(dialable([phone], other_phones=others, **checked))


def _expected(case: dict[str, Any]) -> object:
    names = {"borrowerPhones": "borrower_phones", "borrowerAddresses": "borrower_addresses"}
    # An id that can't be one is left out in Python.
    reasons = [
        (one["kind"], names.get(one["resource"], one["resource"]), _to_id(one.get("id")), one["field"])
        for one in case["objections"]
    ]
    return reasons, case["may_be_dialled"], case["dialable"]


def _to_id(value: object) -> object:
    return value if isinstance(value, (int, str)) else None


def test_retry_after_is_read_alike() -> None:
    """Seconds, dates of every form, and what can't be read."""
    wrong = []
    for case in load_cases()["retryAfter"]:
        expected = math.inf if case["seconds"] == "infinite" else case["seconds"]
        found = parse_retry_after(case["headers"])
        if found != pytest.approx(expected):
            wrong.append((case, found))
    assert wrong == []


def test_every_digit_of_python_is_read() -> None:
    """Python can know other scripts than the TypeScript client."""
    digits = [chr(code) for code in range(0x110000) if re.match(r"\d", chr(code))]
    assert all(read_number(f"678555014{digit}") == f"678555014{int(digit)}" for digit in digits)


def test_a_long_list_is_compared_without_comparing_each_pair() -> None:
    """Comparing 20,000 records takes less than seconds."""
    phones = [
        {"id": n, "number": f"{200 + n % 2}-555-{n >> 1:04}", "valid": 1, "no_contact": n % 2} for n in range(20_000)
    ]
    assert len(dialable(phones)) == 10_000
