"""Finds out what an exception of httpx says about a request."""

from __future__ import annotations

import errno
import socket
import ssl

import httpx

from ._effects import Failure

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def describe_failure(reason: Exception, *, is_closed: bool) -> Failure:
    """Describes an exception of httpx, or of another transport."""
    return Failure(
        reason,
        is_sent=_is_sent(reason),
        is_timeout=isinstance(reason, httpx.TimeoutException),
        is_closed=is_closed,
        code=_find_code(reason),
    )


def _is_sent(reason: Exception) -> bool:
    if not isinstance(reason, _NEVER_SENT):
        return True
    # A failed handshake leaves open what is at the other end, unless its certificate was rejected.
    cause = _find_cause(reason)
    return isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLCertVerificationError)


_NAME_ERRORS = {value: name for name, value in vars(socket).items() if name.startswith("EAI_")}


def _find_code(reason: Exception) -> str | None:
    """Finds the system's error code, such as `ECONNREFUSED`, in what caused an exception."""
    cause = _find_cause(reason)
    if isinstance(cause, ssl.SSLError):
        return cause.reason
    if cause is None or cause.errno is None:
        return None
    names = _NAME_ERRORS if isinstance(cause, socket.gaierror) else errno.errorcode
    return names.get(cause.errno)


def _find_cause(reason: BaseException | None) -> OSError | None:
    while reason is not None and not isinstance(reason, OSError):
        reason = reason.__cause__ or reason.__context__
    return reason
