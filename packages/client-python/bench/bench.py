"""Compares a call with a bare httpx call over the same stub transport. Prints the figures, and always exits with 0."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from recoveryconnect import AsyncClient, Client

ROUNDS = 15
CALLS = 400
GOAL = 1.35
URL = "https://api.mbsisystems.com/api/v140/orders/57062885/borrowers/124927241/phones"
PHONE = {
    "id": 39317578,
    "type": 5,
    "mobile_carrier_id": None,
    "number": "678-932-1578",
    "extension": None,
    "memo": None,
    "valid": 1,
    "no_contact": 0,
    "created_at": "2026-03-07 14:03:51",
    "updated_at": "2026-03-07 14:03:51",
}
BODY = json.dumps({"data": [PHONE, {**PHONE, "id": 39317579}]}).encode()
HEADERS = {"content-type": "application/json"}


def respond(_request: httpx.Request) -> httpx.Response:
    """Returns a list of phones."""
    return httpx.Response(200, headers=HEADERS, content=BODY)


def measure(*calls: Callable[[], object]) -> list[float]:
    """Returns the best round of each call, in microseconds. They take turns, so that other load affects all of them."""
    best = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for n, call in enumerate(calls):
            start = time.perf_counter()
            for _ in range(CALLS):
                call()
            best[n] = min(best[n], (time.perf_counter() - start) / CALLS * 1e6)
    return best


async def measure_tasks(*calls: Callable[[], Awaitable[object]]) -> list[float]:
    """Does the same with coroutines."""
    best = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for n, call in enumerate(calls):
            start = time.perf_counter()
            for _ in range(CALLS):
                await call()
            best[n] = min(best[n], (time.perf_counter() - start) / CALLS * 1e6)
    return best


def compare_threads() -> list[float]:
    """Measures `Client` and `httpx.Client`."""
    bare = httpx.Client(transport=httpx.MockTransport(respond), headers={"authorization": "Bearer any-token"})
    with Client(token="any-token", transport=httpx.MockTransport(respond)) as client, bare:
        return measure(
            lambda: bare.get(URL).raise_for_status().json(),
            lambda: client.borrower_phones.list(order_id=57062885, borrower_id=124927241),
        )


async def compare_tasks() -> list[float]:
    """Measures `AsyncClient` and `httpx.AsyncClient`."""
    bare = httpx.AsyncClient(transport=httpx.MockTransport(respond), headers={"authorization": "Bearer any-token"})

    async def call_bare() -> object:
        return (await bare.get(URL)).raise_for_status().json()

    async with AsyncClient(token="any-token", transport=httpx.MockTransport(respond)) as client, bare:
        return await measure_tasks(
            call_bare, lambda: client.borrower_phones.list(order_id=57062885, borrower_id=124927241)
        )


for name, (bare, ours) in (("Client", compare_threads()), ("AsyncClient", asyncio.run(compare_tasks()))):
    verdict = "met" if ours / bare <= GOAL else "missed"
    print(f"{name}: {ours:.0f} µs per call, bare httpx {bare:.0f} µs: × {ours / bare:.2f} (goal: {GOAL}) {verdict}")
