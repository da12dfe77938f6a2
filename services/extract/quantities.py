"""Numbers with a unit that are no money and no date: 床位120张, 1300余例, 4倍, 7.4GBq."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Final

from schemas.base import Span
from schemas.extracted import Quantity
from services.extract.numbers import parse_number
from services.extract.words import DATA, read_lines

NUMBER: Final = r"\d{1,13}(?:[,，]\d{3}){0,5}(?:\.\d{1,8})?[百千万亿]{0,2}"
GLUE: Final = frozenset("0123456789.-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
HEDGE: Final = re.compile(
    "(?:不少于|不低于|不超过|不足|不到|至少|最多|最高|将近|接近|大约|超过|逾|约|近|超)$"
)
HEDGE_LENGTH: Final = 4  # code points after which no hedge goes on
JOINT: Final = r"\s?[-‐–—~～至到]\s?"


def find_quantities(body: str, taken: Sequence[Span]) -> list[Quantity]:
    """Return the quantities in `body`, in order, outside of the spans that are `taken`."""
    spans = sorted((span.start, span.end) for span in taken)
    return [
        quantity
        for match in _pattern().finditer(body)
        if body[match.start() - 1 : match.start()] not in GLUE
        and not _within(spans, match.start("low"))
        and (quantity := _read(body, match))
    ]


def _within(spans: list[tuple[int, int]], position: int) -> bool:
    at = bisect_right(spans, (position, len(spans) and spans[-1][1])) - 1
    return at >= 0 and spans[at][0] <= position < spans[at][1]


def _read(body: str, match: re.Match[str]) -> Quantity | None:
    low = parse_number(match["low"])
    high = parse_number(match["high"]) if match["high"] else None
    if low is None:
        return None
    start = match.start("low")
    return Quantity(
        start=start,
        end=match.end("unit"),
        text=body[start : match.end("unit")],
        value=low if high is None else (low, high),
        unit=match["unit"],
        hedge=match["within"] or _hedge_before(body, start),
    )


def _hedge_before(body: str, start: int) -> str | None:
    match = HEDGE.search(body, max(0, start - HEDGE_LENGTH), start)
    return match.group() if match else None


@cache
def _pattern() -> re.Pattern[str]:
    units = "|".join(map(re.escape, sorted(read_lines(DATA / "units.txt"), key=len, reverse=True)))
    return re.compile(
        rf"(?P<low>{NUMBER})(?:{JOINT}(?P<high>{NUMBER}))?(?P<within>[余多])?\s?(?P<unit>{units})"
    )
