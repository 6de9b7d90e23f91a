"""Every fault of the fault server, with both clients. Its expectations are the promises of every client."""

from __future__ import annotations

import asyncio
import json
import logging
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, NamedTuple

import pytest

from recoveryconnect import AsyncClient, AttemptEvent, Client, RecoveryConnectError, TokenRequest
from test.leaks import expect_no_secret
from test.servers import BORROWER, ORDER, PHONE, SECRETS, start_faults

CALLS = ("read", "update", "delete", "create")
OPERATIONS = {
    "read": "listBorrowerPhones",
    "update": "updateBorrowerPhone",
    "delete": "deleteBorrowerPhone",
    "create": "createBorrowerPhone",
}
IDS: dict[str, Any] = {"order_id": ORDER, "borrower_id": BORROWER}
# Whether a request gets onto the connection before it's closed depends on the moment.
REUSED = ("reused-", "closed-", "response-")
BODY: dict[str, Any] = {
    "type": 6,
    "number": SECRETS["number"].replace("-", ""),
    "memo": SECRETS["memo"],
    "valid": 0,
    "no_contact": 1,
}


class Result(NamedTuple):
    """What one call did under one fault."""

    outcome: str
    error: RecoveryConnectError | None
    attempts: int
    arrivals: dict[str, Any]
    logged: str


@cache
def list_faults() -> list[dict[str, Any]]:
    """Returns the faults, as the fault server lists them."""
    return _get("/faults")  # type: ignore[no-any-return]


def _get(path: str) -> Any:
    with urllib.request.urlopen(start_faults() + path) as response:  # noqa: S310
        return json.load(response)


def _options(fault: dict[str, Any], token: str, attempts: list[AttemptEvent]) -> dict[str, Any]:
    def provide(request: TokenRequest) -> str:
        return f"{token}.renewed" if request.rejected else token

    seconds = fault["deadline_ms"] / 1000
    is_slow = fault["expect"]["create"]["outcome"] == "timeout"
    return {
        "token": provide if fault["new_token"] else token,
        "base_url": fault["base_url"],
        "attempt_timeout": seconds / 5 if is_slow else seconds,
        "total_timeout": seconds * 6,
        "on_attempt": attempts.append,
    }


def run_thread(fault: dict[str, Any], call: str, token: str) -> Any:
    """Makes one call with a `Client`."""
    attempts: list[AttemptEvent] = []
    with Client(**_options(fault, token, attempts)) as client:
        if fault["warm_up"]:
            client.borrowers.list(order_id=ORDER)
            attempts.clear()
        phones = client.borrower_phones
        try:
            if call == "read":
                phones.list(**IDS)
            elif call == "update":
                phones.update(**IDS, phone_id=PHONE, **BODY)
            elif call == "delete":
                phones.delete(**IDS, phone_id=PHONE)
            else:
                phones.create(**IDS, **BODY)
        except RecoveryConnectError as error:
            return error, len(attempts)
    return None, len(attempts)


async def run_task(fault: dict[str, Any], call: str, token: str) -> Any:
    """Makes one call with an `AsyncClient`."""
    attempts: list[AttemptEvent] = []
    async with AsyncClient(**_options(fault, token, attempts)) as client:
        if fault["warm_up"]:
            await client.borrowers.list(order_id=ORDER)
            attempts.clear()
        phones = client.borrower_phones
        try:
            if call == "read":
                await phones.list(**IDS)
            elif call == "update":
                await phones.update(**IDS, phone_id=PHONE, **BODY)
            elif call == "delete":
                await phones.delete(**IDS, phone_id=PHONE)
            else:
                await phones.create(**IDS, **BODY)
        except RecoveryConnectError as error:
            return error, len(attempts)
    return None, len(attempts)


CASES = [(kind, fault["name"], call) for kind in ("Client", "AsyncClient") for fault in list_faults() for call in CALLS]


@pytest.fixture(scope="module")
def results() -> Iterator[dict[tuple[str, str, str], Result]]:
    """Makes all calls at the same time, because many of them wait."""
    faults = {fault["name"]: fault for fault in list_faults()}

    def run(case: tuple[str, str, str]) -> Result:
        kind, name, call = case
        token = f"{SECRETS['token']}-{kind}-{name}-{call}"
        if kind == "Client":
            error, attempts = run_thread(faults[name], call, token)
        else:
            error, attempts = asyncio.run(run_task(faults[name], call, token))
        arrivals = _get(f"/faults/{name}/arrivals?run={token}")
        return Result("ok" if error is None else error.kind, error, attempts, arrivals, "")

    with ThreadPoolExecutor(24) as pool:
        yield dict(zip(CASES, pool.map(run, CASES), strict=True))


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_fault(case: tuple[str, str, str], results: dict[tuple[str, str, str], Result]) -> None:
    """The outcome is as expected, no more requests arrive than expected, and the error shows no secret."""
    _, name, call = case
    expected = next(fault for fault in list_faults() if fault["name"] == name)["expect"][call]
    outcome, error, attempts, arrivals, _ = results[case]
    assert outcome in (expected["outcome"], expected["or"] if expected.get("runtime_decides") else None)
    assert arrivals["requests"].get(OPERATIONS[call], 0) <= expected["arrivals"]
    # Otherwise, the client took the response to another request for its own.
    assert outcome != "ok" or arrivals["responded"].get(OPERATIONS[call])
    assert arrivals["early"] == 0
    assert arrivals["elsewhere"] == []
    assert attempts <= expected["attempts"]
    if outcome == expected["outcome"] and not expected.get("runtime_decides") and not name.startswith(REUSED):
        assert attempts == expected["attempts"]
    if error is not None:
        assert error.attempts == attempts
        # On a busy machine, the time can be up before a request is sent.
        is_unsent = outcome == "timeout" and not arrivals["requests"].get(OPERATIONS[call])
        if outcome == expected["outcome"] and not is_unsent:
            assert error.may_have_been_carried_out == expected["may_have_been_carried_out"]
        expect_no_secret(error)


def test_the_log_shows_what_happens_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    """The logger is quiet above DEBUG."""
    fault = next(fault for fault in list_faults() if fault["name"] == "503")
    with caplog.at_level(logging.DEBUG, logger="recoveryconnect"):
        error, _ = run_thread(fault, "update", f"{SECRETS['token']}-logged")
    assert error is not None
    records = [record for record in caplog.records if record.name == "recoveryconnect"]
    assert len(records) == 5
    assert {record.levelno for record in records} == {logging.DEBUG}
    expect_no_secret("\n".join(record.getMessage() for record in records))
