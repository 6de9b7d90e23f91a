"""What the tests share."""

from __future__ import annotations

import random

import pytest


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the random pauses before retries as short as possible."""
    monkeypatch.setattr(random, "random", lambda: 0.0)
