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


@dataclass(slots=True, repr=False, eq=False)
class Send:
    """Asks the driver to send a request. The result is a `Reply` or a `Failure`."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | None
    seconds: float
    """The time for the whole attempt."""
    limit: int
    """The largest body, in bytes."""


@dataclass(slots=True, repr=False, eq=False)
class Pause:
    """Asks the driver to wait. The result is `True` if the client was closed in the meantime."""

    seconds: float


@dataclass(slots=True, repr=False, eq=False)
class Run:
    """Asks the driver to call a function and, if it returns an awaitable, to await it. The result is an `Outcome`."""

    function: Callable[[], Any]
    seconds: float


@dataclass(slots=True, repr=False, eq=False)
class Acquire:
    """Asks the driver to acquire a lock. The result is `False` if the time is up."""

    lock: Any
    seconds: float


Effect = Send | Pause | Run | Acquire
Steps = Generator[Effect, Any, T]


@dataclass(slots=True, repr=False, eq=False)
class Reply:
    """A complete response. `content` is empty if the body of an error was too long."""

    status: int
    headers: httpx.Headers
    content: bytes
    is_too_long: bool
    limit: int


@dataclass(slots=True, repr=False, eq=False)
class Failure:
    """No complete response."""

    reason: BaseException | None
    is_sent: bool = field(default=True, kw_only=True)
    """Whether the server may have received a part of the request."""
    is_timeout: bool = field(default=False, kw_only=True)
    is_closed: bool = field(default=False, kw_only=True)
    """Whether the client was closed."""
    code: str | None = field(default=None, kw_only=True)
