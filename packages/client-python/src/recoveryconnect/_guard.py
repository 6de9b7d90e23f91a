"""Keeps secrets out of tracebacks, for tools that print local variables, such as error trackers."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from ._errors import RecoveryConnectError

if TYPE_CHECKING:
    from typing_extensions import ParamSpec

    P = ParamSpec("P")
T = TypeVar("T")
F = TypeVar("F", bound=BaseException)


def hide_frames(function: Callable[P, T]) -> Callable[P, T]:
    """Wraps a function whose frames can contain secrets. The traceback of its errors and interruptions ends here."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            if _is_defect(error):
                raise
            failure = error
        finally:
            kwargs.clear()
        try:
            raise strip(failure)
        finally:
            del failure

    return wrapper


def hide_async_frames(function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Does the same for a coroutine function."""

    @functools.wraps(function)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await function(*args, **kwargs)
        except BaseException as error:
            if _is_defect(error):
                raise
            failure = error
        try:
            raise strip(failure)
        finally:
            del failure

    return wrapper


def _is_defect(error: BaseException) -> bool:
    """Whether an exception is neither an error of a call nor an interruption. Its traceback is needed."""
    return isinstance(error, Exception) and not isinstance(error, RecoveryConnectError)


def strip(failure: F) -> F:
    """Removes the frames and the chained exceptions, which have the request with its token."""
    failure.__cause__ = failure.__context__ = None
    return failure.with_traceback(None)
