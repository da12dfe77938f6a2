"""What a line may be besides a part of the article, told at a glance by words that all lines of a kind bear.

Most lines of an article bear none, or those of a kind or two: so each is held against few patterns.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import chain

from daachorse import MATCH_KIND_STANDARD, CharwiseDoubleArrayAhoCorasick

from services.clean.data import content

LONGEST = 420  # characters; a little more than any pattern looks at
BARE = re.compile(r"[\W\d_]*\Z")  # signs, digits and white space: such a line bears no words
REMEMBERED = 4096  # sets of cues, of which some hundreds are usual


def hints(line: str) -> tuple[str, ...]:
    """Return the kinds that a line may be, in the order in which they are to be tried."""
    if len(line) > LONGEST:
        return ()
    if BARE.match(line):
        return tuple(_words())
    found = _cues().find_overlapping(line)
    return _kinds(frozenset(number for _, _, number in found)) if found else ()


@cache
def _words() -> dict[str, list[str]]:
    """Return the cues of each kind."""
    return {kind: cues.split() for kind, cues in content("cues.yaml").items()}


@cache
def _distinct() -> list[str]:
    return sorted({*chain.from_iterable(_words().values())})


@cache
def _cues() -> CharwiseDoubleArrayAhoCorasick:
    return CharwiseDoubleArrayAhoCorasick(_distinct(), MATCH_KIND_STANDARD)


@lru_cache(REMEMBERED)
def _kinds(numbers: frozenset[int]) -> tuple[str, ...]:
    cues = {_distinct()[number] for number in numbers}
    return tuple(kind for kind, words in _words().items() if not cues.isdisjoint(words))
