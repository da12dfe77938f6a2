"""A second opinion on a page whose body could not be found with confidence: trafilatura's."""

from __future__ import annotations

from services.clean.density import RUNNING

MAX_CHARS = 500_000  # it takes 27 ms a 60 KB page, and minutes for generated nonsense
MIN_LINE = 16
# It must bring this many times our running text: else a guess is exchanged for a guess.
BETTER = 2


def second_opinion(source: str, running: int) -> list[str]:
    """Return the paragraphs that trafilatura finds, none where they are not clearly more than `running`."""
    if len(source) > MAX_CHARS:
        return []
    from trafilatura import extract  # noqa: PLC0415 - half a second that hardly any page needs

    text: str | None = extract(source, include_comments=False, include_tables=True, favor_recall=True)
    lines = (text or "").split("\n")
    found = sum(len(line) for line in lines if len(line) >= MIN_LINE and RUNNING.search(line))
    return lines if found >= BETTER * max(running, MIN_LINE) else []
