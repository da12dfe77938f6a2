"""Facilities: centres, parks, bases, reactors, production lines with a proper name before what they are."""

from __future__ import annotations

from functools import cache

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from schemas.extracted import EntityType
from services.extract.grammar import Found, Text, grammar, is_specific, name_start


def find_facilities(text: Text) -> list[Found]:
    """Return the facilities that the grammar of names finds; centres that are offices come as organisations."""
    found = []
    for start, end, _ in _ends().find(text.body):
        begin = name_start(text, start) if start in text.boundaries and end in text.boundaries else start
        if begin == start or not (is_specific(text, begin, start) or text.body[begin] in "省市县"):
            continue
        office = text.body[start:end] == "中心" and text.body[start - 2 : start] in grammar().office_centres
        found.append(Found(begin, end, EntityType.ORG if office else EntityType.FACILITY))
    return found


@cache
def _ends() -> CharwiseDoubleArrayAhoCorasick:
    return CharwiseDoubleArrayAhoCorasick(
        sorted(grammar().facility_ends), match_kind=MATCH_KIND_LEFTMOST_LONGEST
    )
