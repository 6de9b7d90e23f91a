"""A typed client for the RecoveryConnect API.

Example:
    from recoveryconnect import Client

    with Client(token=token) as client:
        phones = client.borrower_phones.list(order_id=57062885, borrower_id=124927241)["data"]
"""

from . import types
from ._check_responses import JsonSchemaValidator, PydanticValidator, Validator, check_responses
from ._client import AsyncClient, Client
from ._create_outcome import Created, CreateOutcome, NotCreated, Unknown, create_outcome
from ._dialing import NOT_CHECKED, Objection, dialable, may_be_dialled, objections_to
from ._environment import Environment, read_environment
from ._errors import (
    AbortedError,
    ApiConnectionError,
    ApiTimeoutError,
    ContradictionError,
    ForbiddenError,
    IncompleteListError,
    InvalidInputError,
    NotFoundError,
    RateLimitedError,
    RecoveryConnectError,
    RefusedError,
    ServerError,
    TokenUnavailableError,
    UnauthenticatedError,
    UnexpectedResponseError,
    ValidationError,
)
from ._generated import VERSION
from ._input import Id
from ._login import LoginToken
from ._options import AttemptEvent, CallOptions, ResponseCheck, WaitEvent
from ._tokens import TokenProvider, TokenRequest
from ._with_response import Success, with_response

__version__ = VERSION
"""The version of this package and of the contract that it implements."""

__all__ = [
    "NOT_CHECKED",
    "AbortedError",
    "ApiConnectionError",
    "ApiTimeoutError",
    "AsyncClient",
    "AttemptEvent",
    "CallOptions",
    "Client",
    "ContradictionError",
    "CreateOutcome",
    "Created",
    "Environment",
    "ForbiddenError",
    "Id",
    "IncompleteListError",
    "InvalidInputError",
    "JsonSchemaValidator",
    "LoginToken",
    "NotCreated",
    "NotFoundError",
    "Objection",
    "PydanticValidator",
    "RateLimitedError",
    "RecoveryConnectError",
    "RefusedError",
    "ResponseCheck",
    "ServerError",
    "Success",
    "TokenProvider",
    "TokenRequest",
    "TokenUnavailableError",
    "UnauthenticatedError",
    "UnexpectedResponseError",
    "Unknown",
    "ValidationError",
    "Validator",
    "WaitEvent",
    "__version__",
    "check_responses",
    "create_outcome",
    "dialable",
    "may_be_dialled",
    "objections_to",
    "read_environment",
    "types",
    "with_response",
]
