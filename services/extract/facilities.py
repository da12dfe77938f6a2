"""Facilities: centres, parks, bases, reactors, production lines with a proper name before what they are."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from schemas.extracted import EntityType
from services.extract.grammar import Found, Text, grammar, is_specific, name_start

SHORTEST_NAME: Final = 2
QUOTED: Final = re.compile(r"[“「](?P<name>[^”」“「，。、\n]{5,24}(?:中心|平台|基地|实验室|产业园))[”」]")
WARD: Final = re.compile("(?:核素|核医|同位素)[一-鿿]{0,2}(?:诊疗|治疗)病房")
DEVICE: Final = re.compile("设备|加速器|装置")


def find_facilities(text: Text) -> list[Found]:
    """Return the facilities that the grammar finds; centres that are offices come as organisations."""
    found = [Found(*m.span("name"), EntityType.FACILITY) for m in QUOTED.finditer(text.body)]
    for start, end, _ in _ends().find(text.body):
        if end in text.boundaries and (name := _read(text, start, end)):
            found.append(name)
    found += [Found(*m.span(), EntityType.FACILITY) for m in WARD.finditer(text.body)]
    return found


def _read(text: Text, start: int, end: int) -> Found | None:
    begin = name_start(text, start)
    ranked = text.words.texts[text.word_index(begin)] in {"省", "市", "县"}
    if start - begin < SHORTEST_NAME or not (
        ranked or is_specific(text, begin, start) or _holds_device(text, begin, start)
    ):
        return None
    office = (
        text.body[start:end].endswith("中心") and text.body[end - 4 : end - 2] in grammar().office_centres
    )
    return Found(begin, end, EntityType.ORG if office else EntityType.FACILITY)


def _holds_device(text: Text, begin: int, end: int) -> bool:
    return DEVICE.search(text.body, begin, end) is not None


@cache
def _ends() -> CharwiseDoubleArrayAhoCorasick:
    return CharwiseDoubleArrayAhoCorasick(
        sorted(grammar().facility_ends), match_kind=MATCH_KIND_LEFTMOST_LONGEST
    )
