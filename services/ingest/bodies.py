"""Response bodies within a limit: decoded as they come, and cut off where they grow too large."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

ACCEPT_ENCODING = "gzip, deflate"  # what `Decoder` undoes; brotli's library cannot be told where to stop
GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
RAW_DEFLATE = -zlib.MAX_WBITS


class BodyTooLargeError(Exception):
    """The body has more bytes than allowed; the message gives the limit."""


class BodyUnreadableError(Exception):
    """The body is not in the encoding that its headers name, or stops before its end."""


class Decoder:
    """Undoes one Content-Encoding; never holds more than `limit` decoded bytes: a gzip bomb stops there."""

    def __init__(self, content_encoding: str | None, limit: int) -> None:
        name = (content_encoding or "identity").strip().lower()
        if name not in {"identity", "", "gzip", "x-gzip", "deflate"}:
            raise BodyUnreadableError(f"Content-Encoding {name[:40]!r} was not asked for")
        self._compressed = name not in {"identity", ""}
        self._inflate = zlib.decompressobj(GZIP_OR_ZLIB)
        self._started = False
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> None:
        """Take a piece as it came; raises `BodyTooLargeError` or `BodyUnreadableError`."""
        part = self._decompress(data) if self._compressed else data
        self._size += len(part)
        if self._size > self._limit:
            raise BodyTooLargeError(f"more than {self._limit} bytes")
        self._parts.append(part)

    def finish(self) -> bytes:
        """Return the whole body."""
        if self._compressed and self._started and not self._inflate.eof:
            raise BodyUnreadableError("the compressed body stops before its end")
        return b"".join(self._parts)

    def _decompress(self, data: bytes) -> bytes:
        room = self._limit - self._size + 1
        try:
            return self._inflate.decompress(data, room)
        except zlib.error as error:
            if self._started:
                raise BodyUnreadableError(str(error)) from error
        finally:
            self._started = self._started or bool(data)
        # Some servers send "deflate" without the zlib wrapper that RFC 9110 asks for.
        self._inflate = zlib.decompressobj(RAW_DEFLATE)
        try:
            return self._inflate.decompress(data, room)
        except zlib.error as error:
            raise BodyUnreadableError(str(error)) from error


async def read_body(
    chunks: AsyncIterator[bytes], *, content_encoding: str | None, content_length: str | None, limit: int
) -> bytes:
    """Return the decoded body of a stream of raw chunks, at most `limit` bytes of it.

    Raises `BodyTooLargeError` (at once where Content-Length already tells) or `BodyUnreadableError`.
    """
    if content_length and content_length.isdigit() and int(content_length) > limit:
        raise BodyTooLargeError(f"Content-Length {content_length[:20]} of at most {limit} bytes")
    decoder = Decoder(content_encoding, limit)
    async for chunk in chunks:
        decoder.feed(chunk)
    return decoder.finish()
