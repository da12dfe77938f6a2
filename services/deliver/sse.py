"""Server-Sent Events on the wire (WHATWG HTML, 9.2), to clients that take them in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import structlog
from starlette.responses import StreamingResponse
from starlette.types import Message, Send

from services.deliver.follow import Event

RETRY_MS = 2000  # how long a browser waits before it connects again
log = structlog.get_logger()


def encode(event: Event, last_cursor: str | None) -> bytes:
    """Return the bytes of an event; a place that the client has already is only a sign of life."""
    if event.told is not None and event.kind is not None:
        head = f"id: {event.cursor}\nevent: {event.kind}\ndata: "
        return head.encode() + event.told.value + b"\n\n"
    if event.cursor == last_cursor:
        return b": alive\n\n"
    # Without data a browser dispatches nothing, but remembers the id.
    return f"retry: {RETRY_MS}\nid: {event.cursor}\n\n".encode()


class EventStream(StreamingResponse):
    """A response without end, which is broken off where the client takes nothing for `send_seconds`."""

    def __init__(self, content: AsyncGenerator[bytes, None], send_seconds: float) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(content, media_type="text/event-stream", headers=headers)
        self._content = content
        self._send_seconds = send_seconds

    async def stream_response(self, send: Send) -> None:
        """Send piece by piece."""

        async def send_in_time(message: Message) -> Any:
            async with asyncio.timeout(self._send_seconds):
                await send(message)

        try:
            await super().stream_response(send_in_time)
        except TimeoutError:
            log.info("slow client cut off", seconds=self._send_seconds)
        finally:
            await self._content.aclose()
