"""Keeps secrets out of tracebacks, for tools that print local variables, such as error trackers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ._errors import RecoveryConnectError

if TYPE_CHECKING:
    from typing_extensions import ParamSpec

    P = ParamSpec("P")
T = TypeVar("T")


def hide_arguments(function: Callable[P, T]) -> Callable[P, T]:
    """Wraps a function with keyword arguments that can be secrets. Its errors don't show them."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except RecoveryConnectError as error:
            failure = error
        finally:
            kwargs.clear()
        try:
            raise strip(failure)
        finally:
            del failure

    return wrapper


E_ = TypeVar("E_", bound=BaseException)


def strip(failure: E_) -> E_:
    """Removes the frames and the chained exceptions, which have the request with its token."""
    failure.__cause__ = failure.__context__ = None
    return failure.with_traceback(None)
