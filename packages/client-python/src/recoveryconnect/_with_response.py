"""Returns the status and the headers of a response together with its data."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import httpx

from ._core import Observation, observed
from ._errors import create_input_error
from ._guard import hide_frames

if TYPE_CHECKING:
    from typing_extensions import ParamSpec

    P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Success(Generic[T]):
    """The outcome of a call that succeeded."""

    data: T = field(repr=False)
    status: int
    headers: httpx.Headers = field(repr=False)
    """They can contain personal data."""
    attempts: int
    """The number of requests sent, including the first one."""

    @property
    def request_id(self) -> str | None:
        """The `x-request-id` of the response, if the server sent one. The vendor doesn't document it."""
        return self.headers.get("x-request-id")  # type: ignore[no-any-return]


@overload
def with_response(  # type: ignore[overload-overlap]
    method: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
) -> Awaitable[Success[T]]: ...
@overload
def with_response(method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Success[T]: ...
@hide_frames
def with_response(method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Calls a method of a resource. Returns the data together with the status and the headers of the response.

    Raises:
        RecoveryConnectError: if the call fails. It has the status and the headers, too.

    Example:
        found = with_response(client.borrower_phones.list, order_id=57062885, borrower_id=124927241)
        print(found.status, found.attempts, found.request_id, len(found.data["data"]))
    """
    seen: list[Observation] = []
    previous = observed.set(seen)
    try:
        result = method(*args, **kwargs)
    finally:
        observed.reset(previous)
    return _wait(result, seen) if inspect.isawaitable(result) else _create(result, seen)


async def _wait(call: Awaitable[Any], seen: list[Observation]) -> Success[Any]:
    # A coroutine function does nothing before it's awaited.
    previous = observed.set(seen)
    try:
        return _create(await call, seen)
    finally:
        observed.reset(previous)


def _create(data: Any, seen: list[Observation]) -> Success[Any]:
    if not seen:
        raise create_input_error("method must be a method of a resource, such as client.borrower_phones.list")
    # A login for the call comes first.
    last = seen[-1]
    return Success(data, last.status, last.headers, last.attempts)
