"""What a call asks a driver to do, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from ._input import FieldKind

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")


@dataclass(frozen=True)
class Operation(Generic[T]):
    """An operation of the contract, with what the client needs to send it. `T` is the type of its response."""

    id: str
    method: str
    path: str
    anonymous: bool = False
    """Whether the request is sent without a token."""
    fields: Mapping[str, FieldKind] = field(default_factory=dict)
    """The fields that its body may have: a `flag` is 0 or 1."""
    data: Literal["array", "object"] | None = None
    """The type of `data` in its response."""
    confirms: bool = False
    """Whether `data.success` in its response confirms that it succeeded."""


class Send:
    """Asks the driver to send a request. The result is a `Reply` or a `Failure`."""

    __slots__ = ("content", "headers", "limit", "method", "seconds", "url")

    def __init__(
        self, method: str, url: str, headers: dict[str, str], content: bytes | None, seconds: float, limit: int
    ) -> None:
        self.method = method
        self.url = url
        self.headers = headers
        self.content = content
        self.seconds = seconds
        """The time for the whole attempt."""
        self.limit = limit
        """The largest body, in bytes."""


class Pause:
    """Asks the driver to wait. The result is `True` if the client was closed in the meantime."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class Run:
    """Asks the driver to call a function and, if it returns an awaitable, to await it. The result is an `Outcome`."""

    __slots__ = ("function", "seconds")

    def __init__(self, function: Callable[[], Any], seconds: float) -> None:
        self.function = function
        self.seconds = seconds


class Acquire:
    """Asks the driver to acquire a lock. The result is `False` if the time is up."""

    __slots__ = ("lock", "seconds")

    def __init__(self, lock: Any, seconds: float) -> None:
        self.lock = lock
        self.seconds = seconds


Effect = Send | Pause | Run | Acquire
Steps = Generator[Effect, Any, T]


class Reply:
    """A complete response. `content` is empty if the body of an error was too long."""

    __slots__ = ("content", "headers", "is_too_long", "limit", "status")

    def __init__(self, status: int, headers: httpx.Headers, content: bytes, is_too_long: bool, limit: int) -> None:
        self.status = status
        self.headers = headers
        self.content = content
        self.is_too_long = is_too_long
        self.limit = limit


class Failure:
    """No complete response."""

    __slots__ = ("code", "is_closed", "is_sent", "is_timeout", "reason")

    def __init__(
        self,
        reason: BaseException | None,
        *,
        is_sent: bool = True,
        is_timeout: bool = False,
        is_closed: bool = False,
        code: str | None = None,
    ) -> None:
        self.reason = reason
        self.is_sent = is_sent
        """Whether the server may have received a part of the request."""
        self.is_timeout = is_timeout
        self.is_closed = is_closed
        """Whether the client was closed."""
        self.code = code
