"""Reads the body of a response up to a limit, which holds after decompression."""

from __future__ import annotations

import zlib

import httpx

from ._effects import Reply


class BodyReader:
    """Collects the parts of a body and decompresses them, but never more than the limit.

    Args:
        response: The response. Only its status and headers are read.
        limit: The largest body, in bytes.

    Raises:
        ValueError: if the client can't decompress the body.
    """

    # Detects gzip and zlib by their headers.
    _AUTOMATIC = zlib.MAX_WBITS | 32

    def __init__(self, response: httpx.Response, limit: int) -> None:
        self._status = response.status_code
        self._headers = response.headers
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        encoding = self._headers.get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise ValueError("unknown Content-Encoding")
        self._is_compressed = encoding not in ("", "identity")
        self._decoder = zlib.decompressobj(self._AUTOMATIC)
        self._has_begun = False

    def feed(self, chunk: bytes) -> bool:
        """Takes the next part. Returns `False` if the body is too long, and no more parts are needed."""
        if self.is_full:
            return False
        if not self._is_compressed:
            return self._add(chunk)
        while chunk:
            # A gzip body can have several members.
            if self._decoder.eof:
                self._decoder = zlib.decompressobj(self._AUTOMATIC)
            self._has_begun = True
            if not self._add(self._decoder.decompress(chunk, self._limit + 1 - self._size)):
                return False
            chunk = self._decoder.unused_data
        return True

    @property
    def is_full(self) -> bool:
        """Whether the body is too long."""
        return self._size > self._limit

    def _add(self, part: bytes) -> bool:
        self._size += len(part)
        self._parts.append(part)
        return not self.is_full

    def finish(self) -> Reply:
        """Returns the response. The body of an error response is dropped if it is too long."""
        if self._has_begun and not self._decoder.eof and not self.is_full:
            raise ValueError("incomplete compressed body")
        content = b"" if self.is_full else b"".join(self._parts)
        is_success = 200 <= self._status < 300
        return Reply(self._status, self._headers, content, self.is_full and is_success, self._limit)
