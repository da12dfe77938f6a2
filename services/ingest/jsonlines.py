"""JSON lines: one page a line. A bad line is an outcome with its number, and the next line goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import orjson
from pydantic import ValidationError

from schemas.raw import RawArticle
from services.ingest.payload import MAX_JSON_BYTES, PagePayload, PayloadTooLargeError
from services.runtime.metrics import SourceError


@dataclass(frozen=True)
class BadLine:
    """A line that gives no page; `number` counts from 1, within what was read in one go."""

    number: int
    reason: SourceError
    detail: str


@dataclass(frozen=True)
class Line:
    """What a line gave, and where in the file the next one starts, in bytes."""

    page: RawArticle | BadLine | None
    end: int


def parse_line(line: bytes, number: int, source_id: str, now: datetime) -> RawArticle | BadLine | None:
    """Read one line; None for an empty one."""
    if not line.strip():
        return None
    try:
        return PagePayload.model_validate(orjson.loads(line)).article(source_id, now)
    except PayloadTooLargeError as error:
        return BadLine(number, SourceError.TOO_LARGE, str(error))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        return BadLine(number, SourceError.UNREADABLE, f"{where + ': ' if where else ''}{first['msg']}")
    except ValueError as error:
        return BadLine(number, SourceError.UNREADABLE, f"no JSON: {error}" if _is_json(error) else str(error))


def read_lines(
    stream: BinaryIO, source_id: str, now: datetime, *, start: int = 0, complete: bool = False
) -> Iterator[Line]:
    """Yield the lines from where `stream` stands, which is byte `start`.

    A last line without its line feed is left for later, as somebody may still write it, unless the stream is
    `complete`. Of a line that is too long no more than the limit is ever held.
    """
    number, position = 0, start
    while line := stream.readline(MAX_JSON_BYTES + 1):
        number += 1
        if len(line) > MAX_JSON_BYTES and not line.endswith(b"\n"):
            skipped, ended = _skip_line(stream)
            if not ended and not complete:
                return
            position += len(line) + skipped
            detail = f"a line of more than {MAX_JSON_BYTES} bytes"
            yield Line(BadLine(number, SourceError.TOO_LARGE, detail), position)
            continue
        if not line.endswith(b"\n") and not complete:
            return
        position += len(line)
        yield Line(parse_line(line, number, source_id, now), position)


def open_at(path: Path, position: int) -> tuple[BinaryIO, int]:
    """Open a file where reading stopped; at its start where it has become shorter. Raises `OSError`."""
    stream = path.open("rb")
    start = position if position <= path.stat().st_size else 0
    stream.seek(start)
    return stream, start


def _skip_line(stream: BinaryIO) -> tuple[int, bool]:
    """Read to the end of the line; return the bytes read and whether there was an end."""
    skipped = 0
    while part := stream.readline(1 << 20):
        skipped += len(part)
        if part.endswith(b"\n"):
            return skipped, True
    return skipped, False


def _is_json(error: ValueError) -> bool:
    return isinstance(error, orjson.JSONDecodeError)
