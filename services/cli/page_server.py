"""A small web server with an RSS feed for pages on this machine: what a news site looks like to ingest."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

FEED_PATH = "/feed.xml"
CONTENT_TYPES = {".txt": "text/plain"}  # all else is HTML; the charset is for the page itself to say


class PageServer:
    """Serves files under `/1/name`, `/2/name`, …; runs in a thread of its own between start and stop."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = {f"/{number}/{quote(file.name)}": file for number, file in enumerate(files, 1)}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        """The server's base URL."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._files)

    @property
    def feed(self) -> bytes:
        """The RSS feed of all pages."""
        items = "".join(
            f"<item><link>{escape(self.address + path)}</link><guid>{escape(path)}</guid></item>"
            for path in self._files
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Pages</title>'
            f"<link>{self.address}/</link><description>Pages on this machine</description>{items}"
            "</channel></rss>"
        ).encode()

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def find(self, path: str) -> tuple[str, bytes] | None:
        """Return the content type and the bytes behind a path, None where there is nothing."""
        if path == FEED_PATH:
            return "application/rss+xml", self.feed
        file = self._files.get(path)
        if file is None:
            return None
        return CONTENT_TYPES.get(file.suffix.lower(), "text/html"), file.read_bytes()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = outer.find(self.path)
                if found is None:
                    self.send_error(HTTPStatus.NOT_FOUND)
                    return
                content_type, body = found
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Stay quiet: the demo shows what matters."""

        return Handler


@contextlib.contextmanager
def serving(files: Sequence[Path]) -> Iterator[PageServer]:
    """Serve the files while the context is open."""
    server = PageServer(files)
    server.start()
    try:
        yield server
    finally:
        server.stop()
