"""The exceptions: one class for each kind, under `RecoveryConnectError`.

What a log shows of an exception (`str`, `repr`, a traceback, `vars`, pickle) contains no token, phone number, memo or
other personal data. The server's response can contain them, so it is available only through properties such as `body`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    import httpx

Kind = Literal[
    "invalid_input",
    "token_unavailable",
    "unauthenticated",
    "forbidden",
    "not_found",
    "validation",
    "rate_limited",
    "refused",
    "server",
    "connection",
    "timeout",
    "aborted",
    "unexpected_response",
    "incomplete_list",
    "contradiction",
]


class Hidden:
    """Holds a value that no log may show. It isn't copied or pickled."""

    __slots__ = ("value",)

    def __init__(self, value: Any = None) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "(hidden)"

    def __reduce__(self) -> tuple[type[Hidden], tuple[()]]:
        return (Hidden, ())


class RecoveryConnectError(Exception):
    """The base class of every exception that a call raises.

    You can log it, pickle it and send it to an error tracker. `headers`, `request_id`, `body` and `reason` can contain
    personal data or a token, so no log shows them by itself, and they are `None` in a copy that was pickled.

    Example:
        try:
            client.borrower_phones.get(order_id=57062885, borrower_id=124927241, phone_id=1)
        except NotFoundError:
            return None
        except RateLimitedError as error:
            retry_later(error.retry_after or 60)
    """

    kind: ClassVar[Kind]
    """The kind of the error, the same as in the TypeScript client."""
    operation: str
    """The `operationId`. It is empty for invalid options of a client and of `create_outcome`."""
    attempts: int
    """The number of requests sent, including the first one."""
    may_have_been_carried_out: bool
    """Whether the API may have carried out the request, in any attempt.

    If it's `True` for a create, use `create_outcome` before you send it again. `False` assumes that statuses have their
    usual meaning. The vendor doesn't document any.
    """
    status: int | None
    """The status of the last response, if there was one."""

    def __init__(
        self,
        message: str = "",
        *,
        operation: str = "",
        attempts: int = 0,
        may_have_been_carried_out: bool = False,
        status: int | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.attempts = attempts
        self.may_have_been_carried_out = may_have_been_carried_out
        self.status = status
        vars(self).update(details)
        self._hidden = Hidden({})

    @property
    def headers(self) -> httpx.Headers | None:
        """The headers of the last response, if there was one. They can contain personal data."""
        return self._read_hidden("headers")  # type: ignore[no-any-return]

    @property
    def request_id(self) -> str | None:
        """The `x-request-id` of the last response, if the server sent one. The vendor doesn't document it."""
        headers = self.headers
        return None if headers is None else headers.get("x-request-id")

    @property
    def body(self) -> Any:
        """The body of the last response: its JSON, or its text. It can contain personal data, so don't log it."""
        return self._read_hidden("body")

    @property
    def reason(self) -> BaseException | None:
        """The underlying exception, from httpx or from your token function. It can show the token, so don't log it."""
        return self._read_hidden("reason")  # type: ignore[no-any-return]

    def to_dict(self) -> dict[str, Any]:
        """Returns what a log may show: the message, the kind, and the other public properties."""
        shown = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        return {"message": str(self), "kind": self.kind, **shown}

    def _read_hidden(self, name: str) -> Any:
        return (self._hidden.value or {}).get(name)

    def __reduce__(self) -> tuple[Any, ...]:
        state = self.to_dict()
        del state["kind"]
        return (_rebuild, (type(self), state))


def _rebuild(cls: type[RecoveryConnectError], state: Mapping[str, Any]) -> RecoveryConnectError:
    return cls(**state)


class InvalidInputError(RecoveryConnectError):
    """An invalid argument, option or body. Nothing was sent."""

    kind = "invalid_input"


class TokenUnavailableError(RecoveryConnectError):
    """The token function failed or returned an invalid token. `reason` is what it raised."""

    kind = "token_unavailable"


class UnauthenticatedError(RecoveryConnectError):
    """401: the token is missing, unknown or expired, and renewing it didn't help. For a login: wrong credentials."""

    kind = "unauthenticated"


class ForbiddenError(RecoveryConnectError):
    """403: the token doesn't permit this operation."""

    kind = "forbidden"


class NotFoundError(RecoveryConnectError):
    """404 with the API's error body: the record doesn't exist, or the ids don't belong together.

    A gateway between you and the API can send such a body too. If it names a route, it's an `UnexpectedResponseError`
    instead. Otherwise, the client can't tell, so before you take a record as deleted, list the records.
    """

    kind = "not_found"


class ValidationError(RecoveryConnectError):
    """422 with the API's error body: the API rejected fields and stored nothing."""

    kind = "validation"

    @property
    def field_errors(self) -> Mapping[str, Any]:
        """The server's messages by field. They can repeat the values that you sent, so don't log them."""
        errors = self.body.get("errors") if isinstance(self.body, dict) else None
        return errors if isinstance(errors, dict) else {}


class RateLimitedError(RecoveryConnectError):
    """429: too many requests."""

    kind = "rate_limited"
    retry_after: float | None = None
    """The delay from `Retry-After` in seconds, if the server sent one that can be read."""


class RefusedError(RecoveryConnectError):
    """Any other 4xx. Sending the request again won't help, except after a 408, where the outcome is unknown."""

    kind = "refused"


class ServerError(RecoveryConnectError):
    """5xx."""

    kind = "server"
    retry_after: float | None = None
    """The delay from `Retry-After` in seconds, if the server sent one that can be read."""


class ApiConnectionError(RecoveryConnectError):
    """No complete response: the connection was refused, reset or cut off, or the host wasn't found or isn't trusted."""

    kind = "connection"
    code: str | None = None
    """The error code of the system, if there is one, such as `ECONNREFUSED` or `CERTIFICATE_VERIFY_FAILED`."""


class ApiTimeoutError(RecoveryConnectError):
    """No complete response before a timeout."""

    kind = "timeout"
    scope: Literal["attempt", "total"] = "attempt"
    """Which timeout it was: `attempt_timeout` or `total_timeout`."""


class AbortedError(RecoveryConnectError):
    """The client was closed before or during the call.

    Canceling a task isn't an error of this kind. `asyncio.CancelledError` reaches you unchanged.
    """

    kind = "aborted"


class UnexpectedResponseError(RecoveryConnectError):
    """A response that doesn't follow the contract: a proxy's page, a redirect, the wrong shape, too many bytes."""

    kind = "unexpected_response"
    problems: tuple[str, ...] = ()
    """The paths that don't match, such as `data.0.number`. Empty if the response as a whole is wrong."""


class IncompleteListError(RecoveryConnectError):
    """The list is one page of several: records are missing, so it can't tell you which numbers not to dial.

    The client doesn't follow pages, because the vendor documents no paging for this list. `body` contains the page.
    """

    kind = "incomplete_list"


class ContradictionError(RecoveryConnectError):
    """The API accepted the request but returned a different `valid` or `no_contact` than you sent.

    Don't dial the number. `body` contains the record.
    """

    kind = "contradiction"
    fields: tuple[str, ...] = ()
    """The fields that are different or missing in the response."""


CLASSES: dict[str, type[RecoveryConnectError]] = {cls.kind: cls for cls in RecoveryConnectError.__subclasses__()}


class Progress:
    """How far a call has come. Every error of the call tells it."""

    __slots__ = ("attempts", "may_have_been_carried_out", "operation")

    def __init__(self, operation: str) -> None:
        self.operation = operation
        self.attempts = 0
        self.may_have_been_carried_out = False


def create_error(
    kind: Kind,
    message: str,
    progress: Progress,
    *,
    hidden: dict[str, Any] | None = None,
    **shown: Any,
) -> RecoveryConnectError:
    """Creates an error. `hidden` is what no log may show: `headers`, `body` and `reason`."""
    operation = progress.operation
    error = CLASSES[kind](
        f"{operation}: {message}" if operation else message,
        operation=operation,
        attempts=progress.attempts,
        may_have_been_carried_out=progress.may_have_been_carried_out,
        **shown,
    )
    error._hidden = Hidden(hidden or {})
    return error


def create_input_error(message: str, operation: str = "") -> RecoveryConnectError:
    """Creates the error for input that is rejected before anything is sent."""
    return create_error("invalid_input", message, Progress(operation))
