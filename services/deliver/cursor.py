"""Where a reader stands in a topic: the offset of the next record in each partition, as a short text.

    alert/0:12,1:7,2:0,3:44

It is the id of an event on the stream, and opaque to clients. The name in front keeps a cursor of one topic
from being used on another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Positions = dict[int, int]
FORM = re.compile(
    r"(?P<topic>[a-zA-Z0-9._-]{1,200})/(?P<places>\d{1,6}:\d{1,18}(?:,\d{1,6}:\d{1,18}){0,1023})"
)


class CursorError(ValueError):
    """The text is no cursor of this topic."""


def write_cursor(topic: str, positions: Mapping[int, int]) -> str:
    """Return the cursor of a reader of `topic` (without the deployment's prefix)."""
    return f"{topic}/" + ",".join(f"{p}:{offset}" for p, offset in sorted(positions.items()))


def read_cursor(topic: str, text: str) -> Positions:
    """Return the positions that a cursor holds. Raises `CursorError`."""
    match = FORM.fullmatch(text)
    if match is None:
        raise CursorError("not an id that this stream has given out")
    if match["topic"] != topic:
        raise CursorError(f"an id of the stream of {match['topic']}, not of {topic}")
    pairs = [place.split(":") for place in match["places"].split(",")]
    return {int(partition): int(offset) for partition, offset in pairs}
