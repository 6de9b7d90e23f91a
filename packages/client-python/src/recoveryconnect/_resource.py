"""The base classes of the generated resources."""

from __future__ import annotations

from typing import Any, TypeVar

from ._core import Connection, call
from ._effects import Operation

T = TypeVar("T")


class Resource:
    """The operations of one tag, for threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _call(self, operation: Operation[T], ids: dict[str, object], body: Any = None) -> T:
        steps = call(self._connection, operation, ids, {} if body is None else body)
        return self._connection.driver.run(steps)  # type: ignore[no-any-return]


class AsyncResource:
    """The operations of one tag, for tasks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def _call(self, operation: Operation[T], ids: dict[str, object], body: Any = None) -> T:
        steps = call(self._connection, operation, ids, {} if body is None else body)
        return await self._connection.driver.run(steps)  # type: ignore[no-any-return]
