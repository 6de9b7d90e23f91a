"""Checks that errors don't leak secrets or personal data."""

from __future__ import annotations

import io
import logging
import pickle
import pprint
import traceback

from test.servers import SECRETS


def shown(value: object) -> str:
    """Returns everything that a log, a console or an error tracker shows of a value by itself."""
    parts = [str(value), repr(value), pprint.pformat(value), repr(getattr(value, "__dict__", None))]
    if isinstance(value, BaseException):
        parts += traceback.format_exception(value)
        parts += _own_locals(value)
        for linked in (value.__cause__, value.__context__):
            parts += [] if linked is None else [shown(linked)]
        copy = pickle.loads(pickle.dumps(value))  # noqa: S301
        parts += [repr(vars(copy)), repr(copy.args), pickle.dumps(value).decode("latin-1")]
        parts.append(_log(value))
    return "\n".join(parts)


def _own_locals(error: BaseException) -> list[str]:
    """Returns the local variables of the package's frames. Those of the caller are the caller's."""
    stack = traceback.TracebackException.from_exception(error, capture_locals=True).stack
    return [repr(frame.locals) for frame in stack if "recoveryconnect" in frame.filename.replace("client-python", "")]


def _log(error: BaseException) -> str:
    stream = io.StringIO()
    logger = logging.Logger("test")
    logger.addHandler(logging.StreamHandler(stream))
    logger.error("failed: %r", error, exc_info=error)
    return stream.getvalue()


def expect_no_secret(value: object, *others: str) -> None:
    """Fails if the value shows one of the secrets, with or without its dashes."""
    text = (value if isinstance(value, str) else shown(value)).replace("-", "")
    for secret in (*SECRETS.values(), *others):
        assert secret.replace("-", "") not in text
