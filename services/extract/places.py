"""Places: divisions and countries of the lists, places by their form (coined characters + 市), datelines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from schemas.base import Span
from schemas.extracted import EntityType
from services.extract.grammar import Found, Text, grammar, name_start
from services.extract.organisations import longest
from services.extract.spans import Spans
from services.extract.words import tag_of

FORM: Final = re.compile("[省市县镇](?![场值民区级里内外政属域校])|新区|山脉|半岛|高新区|口岸")
DATELINE: Final = re.compile(r"(?:社|网|新闻|报|客户端)(?P<place>[一-鿿]{2,3}?)(?=\d{1,2}月\d{1,2}日[电讯])")
BYLINE: Final = re.compile(r"[／/](?P<place>[一-鿿]{2,3})报[导道]")
GENERIC_END: Final = re.compile("[省市县镇]$")
HELD_IN: Final = re.compile(
    r"在(?P<place>[一-鿿]{2,3})(?=举行|召开|举办|开幕|闭幕|签署|签下|启动|揭牌|成立|设立|落地|建设的)"
)
SEAT: Final = re.compile("[省市县镇](?=党?委|人民政府|政府|常务|副?[省市县镇]长)")
LONGEST: Final = 4
SHORTEST: Final = 2
NO_PLACES: Final = frozenset({"中国", "全球", "亚洲"})


def find_places(
    text: Text, listed: Sequence[Found], institutions: Sequence[Found], taken: Sequence[Span]
) -> list[Found]:
    """Return the places that are named for themselves, and seats of governments: 乐山市 in 乐山市人民政府."""
    formed, told = _formed(text), _told_by_place(text)
    found = longest([*(f for f in listed if f.type is EntityType.PLACE), *formed])
    for more in (told, _bare(text, [*formed, *told])):
        known = Spans((f.start, f.end) for f in found)
        found += [f for f in longest(more) if not known.touch(f.start, f.end)]
    seats = {m.end() for m in SEAT.finditer(text.body)}
    names = Spans((span.start, span.end) for span in taken)
    owners = Spans((i.start, i.end) for i in institutions)
    return [
        f
        for f in found
        if not names.touch(f.start, f.end)
        and text.body[f.start : f.end] not in NO_PLACES
        and (f.end in seats or not owners.cover(f.start, f.end))
    ]


def _bare(text: Text, formed: Sequence[Found]) -> list[Found]:
    """Return the places that the text names with their generic end elsewhere, and here without it."""
    stems = {GENERIC_END.sub("", text.body[f.start : f.end]) for f in formed}
    stems = {stem for stem in stems if SHORTEST <= len(stem) < LONGEST}
    return [
        Found(*match.span(), EntityType.PLACE)
        for stem in stems
        for match in re.finditer(re.escape(stem) + "(?![省市县镇湖山江河湾路])", text.body)
    ]


def _formed(text: Text) -> list[Found]:
    found = []
    for match in FORM.finditer(text.body):
        seat = text.body[match.end() : match.end() + 1] == "委"
        if match.start() not in text.boundaries or not (seat or match.end() in text.boundaries):
            continue
        start = name_start(text, match.start())
        length = match.start() - start
        if SHORTEST <= length <= LONGEST and _coined(text, start, match.start()):
            found.append(Found(start, match.end(), EntityType.PLACE))
    return found


def _coined(text: Text, start: int, end: int) -> bool:
    words = text.texts_between(start, end)
    if any(word in grammar().generic or tag_of(word) == "m" for word in words):
        return False
    return all(len(word) == 1 or tag_of(word)[:2] in {"ns", "nr", "nz"} for word in words)


def _told_by_place(text: Text) -> list[Found]:
    found = []
    for pattern in (DATELINE, BYLINE, HELD_IN):
        for match in pattern.finditer(text.body):
            start, end = match.span("place")
            if start in text.boundaries and end in text.boundaries and _coined(text, start, end):
                found.append(Found(start, end, EntityType.PLACE))
    return found
