"""How near a tool came to what a reader would say. The same rules for all, ours too.

Texts are compared after NFKC, in the simplified script, without white space. The body's character F1 is
2 L / (a + b) of the longest common subsequence L, so that order counts; captions count neither way.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import fmean

import opencc

from benchmarks.cleaning.race import Found
from benchmarks.cleaning.samples import Sample
from services.clean.metadata.dates import find_date

MIN_NEUTRAL = 3  # characters of a passage that is taken out; shorter ones stand anywhere
DAY = len("2024-06-25")
# What is told apart by nobody who reads, and what a plain conversion of the script leaves or gets wrong.
ALIKE = str.maketrans("“”‘’﹒−著乾𨱏祕", "\"\"''·-着干锝秘")


@dataclass(frozen=True)
class Scores:
    """The means over some pages.

    `day`: the date is right, be it without its time. `failed`: pages for which there was no text at all.
    `milliseconds` of CPU a page.
    """

    pages: int
    body: float
    title: float
    date: float
    day: float
    failed: int
    milliseconds: float


def score(samples: Sequence[Sample], found: Sequence[Found]) -> Scores:
    """Return how right a tool was on these pages; where it failed, all is wrong."""
    pairs = list(zip(samples, found, strict=True))
    seconds = [one.seconds for one in found if one.seconds is not None]
    return Scores(
        pages=len(pairs),
        body=fmean(body_f1(one, sample) for sample, one in pairs),
        title=fmean(title_is_right(one, sample) for sample, one in pairs),
        date=fmean(date_is_right(one, sample) for sample, one in pairs),
        day=fmean(date_is_right(one, sample, digits=DAY) for sample, one in pairs),
        failed=sum(not one.body for one in found),
        milliseconds=fmean(seconds) * 1000 if seconds else float("nan"),
    )


def body_f1(found: Found, sample: Sample) -> float:
    """Return the character F1 of the body."""
    right, got = _without(sample.body, sample.neutral), _without(found.body, sample.neutral)
    if found.error is not None or not (right and got):
        return 0.0
    return 2 * common(right, got) / (len(right) + len(got))


def title_is_right(found: Found, sample: Sample) -> bool:
    """Tell whether the title is one of the right ones."""
    return found.error is None and plain(found.title) in map(plain, sample.titles)


def date_is_right(found: Found, sample: Sample, *, digits: int | None = None) -> bool:
    """Tell whether the date is right to its last digit, or as far as `digits`."""
    if found.error is not None:
        return False
    return (read_date(found.published) or "")[:digits] in [(date or "")[:digits] for date in sample.dates]


def read_date(text: str | None) -> str | None:
    """Return a date as some tool writes it in our form."""
    if text is None or text.startswith("--"):
        return text
    date = find_date(text)
    return date.value if date else None


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def plain(text: str | None) -> str:
    """Return the text as it is compared."""
    folded = "".join(unicodedata.normalize("NFKC", text or "").split())
    return str(_simplifier().convert(folded)).translate(ALIKE)


def _without(text: str | None, passages: Iterable[str]) -> str:
    """Return the text as it is compared, less some passages, the longest first."""
    rest = plain(text)
    for passage in sorted(map(plain, passages), key=len, reverse=True):
        if len(passage) >= MIN_NEUTRAL:
            rest = rest.replace(passage, "")
    return rest


def common(one: str, other: str) -> int:
    """Return the length of the longest common subsequence.

    The bits of one number are the cells of a row of the usual table (Hyyrö, "Bit-Parallel LCS-length
    Computation Revisited", 2004).
    """
    places: dict[str, int] = defaultdict(int)
    for place, character in enumerate(one):
        places[character] |= 1 << place
    every = (1 << len(one)) - 1
    row = every
    for character in other:
        met = row & places.get(character, 0)
        row = ((row + met) | (row - met)) & every
    return len(one) - row.bit_count()
