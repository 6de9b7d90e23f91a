"""Clients over a stub transport, for what doesn't depend on the network."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from recoveryconnect import Client
from test.servers import BORROWER, ORDER, SECRETS

IDS: dict[str, Any] = {"order_id": ORDER, "borrower_id": BORROWER}
NEW_PHONE: dict[str, Any] = {
    "type": 6,
    "number": SECRETS["number"],
    "memo": SECRETS["memo"],
    "valid": 1,
    "no_contact": 0,
}
RECORD: dict[str, Any] = {"id": 39317581, "mobile_carrier_id": None, "extension": None, **NEW_PHONE}


class Stub:
    """A client whose responses are given, and what it sent."""

    def __init__(self, *responses: httpx.Response | Exception, **options: Any) -> None:
        self.requests: list[httpx.Request] = []
        self._responses = list(responses)
        self.client = Client(**{"token": SECRETS["token"], "transport": httpx.MockTransport(self._respond), **options})

    def _respond(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        response = self._responses[min(len(self.requests), len(self._responses)) - 1]
        if isinstance(response, Exception):
            raise response
        return httpx.Response(response.status_code, headers=response.headers, content=response.content)

    def __enter__(self) -> Stub:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    @property
    def bodies(self) -> list[Any]:
        """The bodies that were sent."""
        return [json.loads(request.content) for request in self.requests]


def reply(value: Any = None, status: int = 200, **headers: str) -> httpx.Response:
    """Returns a response. A text is sent as it is, other values as JSON."""
    text = value if isinstance(value, str) else json.dumps({"data": []} if value is None else value)
    names = {name.replace("_", "-"): given for name, given in headers.items()}
    return httpx.Response(status, headers=names, content=text.encode())


Call = Callable[[Client], object]


def list_phones(client: Client) -> object:
    """Lists the phones of the example borrower."""
    return client.borrower_phones.list(**IDS)


def get_phone(client: Client) -> object:
    """Gets a phone."""
    return client.borrower_phones.get(**IDS, phone_id=1)


def create_phone(client: Client) -> object:
    """Creates a phone."""
    return client.borrower_phones.create(**IDS, **NEW_PHONE)


def update_phone(client: Client) -> object:
    """Forbids contact."""
    return client.borrower_phones.update(**IDS, phone_id=1, valid=0, no_contact=1)


def delete_phone(client: Client) -> object:
    """Deletes a phone."""
    return client.borrower_phones.delete(**IDS, phone_id=1)
