"""The tools that are compared, each as a function of a page, and the process that runs one of them.

    python -m benchmarks.cleaning.tools TOOL PAGES FIRST ROUNDS

PAGES is a pickle of one tuple a page, as in `Page`. The process says `loaded`, then gives a line of
JSON a page, from FIRST on: what was found, and the CPU seconds of the fastest of ROUNDS rounds. A peer
runs where Isowire is not installed, so nothing of ours is imported but for our own turn.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TextIO

Fields = dict[str, str | None]  # title, published, body


class Page(NamedTuple):
    """A page as it came, and its text for tools that do not read bytes."""

    data: bytes
    text: str
    url: str | None
    content_type: str | None


class Tool(NamedTuple):
    """What is timed, and how its result is read, which is not."""

    run: Callable[[Page], Any]
    read: Callable[[Any, Page], Fields]


def _isowire() -> Tool:
    from datetime import UTC, datetime  # noqa: PLC0415 - each tool is there in its own environment only

    from schemas.raw import RawArticle  # noqa: PLC0415
    from services.clean.clean import clean  # noqa: PLC0415
    from services.runtime.outcome import Rejected  # noqa: PLC0415

    now = datetime.now(UTC)

    def run(page: Page) -> Any:
        raw = RawArticle(
            url=page.url,
            body=page.data,
            content_type=page.content_type,
            source_id="bench",
            fetched_at=now,
        )
        return clean(raw)

    def read(found: Any, _page: Page) -> Fields:
        if isinstance(found, Rejected):
            return {"title": None, "published": None, "body": None}
        return {"title": found.title, "published": found.published, "body": found.body}

    return Tool(run, read)


def _trafilatura() -> Tool:
    import trafilatura  # noqa: PLC0415

    def read(body: Any, page: Page) -> Fields:
        document = trafilatura.extract_metadata(page.data, default_url=page.url)
        return {"title": document.title, "published": document.date, "body": body}

    return Tool(lambda page: trafilatura.extract(page.data, include_comments=False), read)


def _readability() -> Tool:
    import lxml.html  # noqa: PLC0415
    import readability  # noqa: PLC0415

    def run(page: Page) -> Any:
        document = readability.Document(page.text)
        return document.summary(html_partial=True), document.short_title()

    def read(found: Any, _page: Page) -> Fields:
        summary, title = found
        body = lxml.html.fromstring(summary).text_content()
        return {"title": title, "published": None, "body": str(body)}

    return Tool(run, read)


def _gne() -> Tool:
    import gne  # noqa: PLC0415

    def read(found: Any, _page: Page) -> Fields:
        return {"title": found["title"], "published": found["publish_time"], "body": found["content"]}

    return Tool(lambda page: gne.GeneralNewsExtractor().extract(page.text), read)


def _newspaper() -> Tool:
    import newspaper  # noqa: PLC0415

    def run(page: Page) -> Any:
        return newspaper.article(page.url or "http://pages.invalid/", language="zh", input_html=page.text)

    def read(found: Any, _page: Page) -> Fields:
        published = found.publish_date.isoformat() if found.publish_date else None
        return {"title": found.title, "published": published, "body": found.text}

    return Tool(run, read)


OURS = "isowire"
TOOLS: dict[str, Callable[[], Tool]] = {
    OURS: _isowire,
    "trafilatura": _trafilatura,
    "readability-lxml": _readability,
    "gne": _gne,
    "newspaper4k": _newspaper,
}


def answer(tool: Tool, page: Page, rounds: int) -> dict[str, Any]:
    """Return what the tool found on a page, or how it failed."""
    seconds = float("inf")
    try:
        for _ in range(rounds):
            began = time.process_time()
            found = tool.run(page)
            seconds = min(seconds, time.process_time() - began)
        return {"seconds": seconds, **tool.read(found, page)}
    except Exception as error:  # noqa: BLE001 - what a tool raises is its result on this page
        return {"error": f"{type(error).__name__}: {error}"[:200]}


def _claim_output() -> TextIO:
    """Keep standard output for answers; what a library prints goes to standard error."""
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return sink


def main(name: str, pages: str, first: str, rounds: str) -> None:
    """Answer for every page from `first` on."""
    sink = _claim_output()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    tool = TOOLS[name]()
    todo = pickle.loads(Path(pages).read_bytes())
    sink.write("loaded\n")
    sink.flush()
    for page in todo[int(first) :]:
        sink.write(json.dumps(answer(tool, Page(*page), int(rounds))) + "\n")
        sink.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
