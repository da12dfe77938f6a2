"""A small web server for the tests of ingest: it answers as it is told, well-behaved or not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"


@dataclass
class Asked:
    """A request that came in."""

    path: str
    headers: dict[str, str]


@dataclass
class Answer:
    """What is sent back; `chunks` go out one by one with `pause` seconds before each."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    chunks: list[bytes] | None = None
    pause: float = 0.0
    content_length: int | None = None


Route = Answer | Callable[[Asked], Answer]


class Web:
    """Routes, and a record of what was asked for."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[Asked] = []
        self.port = 0

    def url(self, path: str) -> str:
        return f"http://{LOOPBACK}:{self.port}{path}"

    def count(self, path: str) -> int:
        return sum(asked.path == path for asked in self.asked)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await self._read(reader)
            self.asked.append(asked)
            route = self.routes.get(asked.path, Answer(b"not here", status=404))
            await self._send(writer, route(asked) if callable(route) else route)
            writer.close()
            await writer.wait_closed()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    async def _read(self, reader: asyncio.StreamReader) -> Asked:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
        return Asked(head[0].split(" ")[1], headers)

    async def _send(self, writer: asyncio.StreamWriter, answer: Answer) -> None:
        chunks = answer.chunks if answer.chunks is not None else [answer.body]
        length = answer.content_length if answer.content_length is not None else sum(map(len, chunks))
        headers = {"Connection": "close", "Content-Length": str(length), **answer.headers}
        head = "".join(f"{k}: {v}\r\n" for k, v in headers.items() if v)
        writer.write(f"HTTP/1.1 {answer.status} Told\r\n{head}\r\n".encode())
        for chunk in chunks:
            await asyncio.sleep(answer.pause)
            writer.write(chunk)
            await writer.drain()


@contextlib.asynccontextmanager
async def web_server() -> AsyncIterator[Web]:
    """Serve on a free port of loopback."""
    web = Web()
    connections: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        connections.add(task)
        try:
            await web.serve(reader, writer)
        finally:
            connections.discard(task)

    server = await asyncio.start_server(handle, LOOPBACK, 0)
    web.port = server.sockets[0].getsockname()[1]
    try:
        yield web
    finally:
        server.close()
        for task in list(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await server.wait_closed()


def rss(items: list[tuple[str, str]], *, encoding: str = "utf-8") -> bytes:
    """Return an RSS feed of (title, link), newest first."""
    entries = "".join(
        f"<item><title>{title}</title><link>{link}</link>"
        "<pubDate>Tue, 25 Jun 2024 14:15:00 +0800</pubDate></item>"
        for title, link in items
    )
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>-</title>{entries}'
    return f"{text}</channel></rss>".encode(encoding)
