"""Reads the options of a client from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TypedDict

from ._errors import create_input_error
from ._login import LoginToken


class Environment(TypedDict):
    """The options that `read_environment` returns. It contains the token, so don't log it."""

    token: str | LoginToken
    base_url: str | None


def read_environment(environment: Mapping[str, str] = os.environ) -> Environment:
    """Reads the token and the server from environment variables. Empty variables count as missing.

    - `RECOVERYCONNECT_TOKEN`: the bearer token. If it's set, the account isn't used.
    - `RECOVERYCONNECT_USERNAME` and `RECOVERYCONNECT_PASSWORD`: an account for `LoginToken`.
    - `RECOVERYCONNECT_URL`: the URL of the server. Default: the production server.

    Raises:
        InvalidInputError: if there is neither a token nor an account.

    Example:
        client = Client(**read_environment(), max_attempts=5)
    """
    username = environment.get("RECOVERYCONNECT_USERNAME")
    password = environment.get("RECOVERYCONNECT_PASSWORD")
    token: str | LoginToken | None = environment.get("RECOVERYCONNECT_TOKEN")
    if not token and username and password:
        token = LoginToken(username=username, password=password)
    if not token:
        raise create_input_error("set RECOVERYCONNECT_TOKEN, or RECOVERYCONNECT_USERNAME and RECOVERYCONNECT_PASSWORD")
    return {"token": token, "base_url": environment.get("RECOVERYCONNECT_URL") or None}
