"""One entity a thing: all its mentions together, short forms traced back to the name that they stand for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from schemas.extracted import Entity, EntityType
from services.extract.aliases import is_contraction
from services.extract.grammar import Found, Text
from services.extract.lexicon import listed
from services.extract.spans import Spans

COMPANY_END: Final = re.compile(r"(?:集团)?(?:股份|责任)?(?:有限(?:责任)?)?公司$|股份$|集团$|控股$")
PLACE_END: Final = re.compile("(?<=..)[省市县镇区]$|自治区$|特别行政区$")
ABBREVIATED: Final = re.compile("(?:科大|医大|.院|院|医院|局|委|会|所|大学)$")
EXPANSIONS: Final = {"科大": "科技大学", "医大": "医科大学", "卫健委": "卫生健康委员会"}
NAMED: Final = frozenset({EntityType.ORG, EntityType.FACILITY})
SEARCHED: Final = frozenset({EntityType.ORG, EntityType.FACILITY, EntityType.DRUG})
SHORTEST_SEARCHED: Final = 2
SHORTEST_CONTRACTION: Final = 4
MOST_ALIKE: Final = 50  # longer names that one name is held against; no article has more that begin alike

Key = tuple[EntityType, str]


class Clusters:
    """Names that mean the same, as a forest."""

    def __init__(self) -> None:
        self._parent: dict[Key, Key] = {}

    def root(self, key: Key) -> Key:
        """Return what stands for all names that mean the same as `key`."""
        while (parent := self._parent.setdefault(key, key)) != key:
            key = parent
        return key

    def join(self, one: Key, other: Key) -> None:
        """Note that two names mean the same thing."""
        self._parent[self.root(other)] = self.root(one)


def group(text: Text, found: Sequence[Found], pairs: Sequence[tuple[Found, Found]]) -> list[Entity]:
    """Return one entity a thing, by first mention; `pairs` are names told to be the same."""
    clusters = Clusters()
    for one, other in pairs:
        clusters.join(_key(text, one), _key(text, other))
    keys = sorted(
        {_key(text, f) for f in [*found, *(f for pair in pairs for f in pair)]}, key=lambda k: -len(k[1])
    )
    _join_short_forms(clusters, keys)
    mentions: dict[Key, dict[tuple[int, int], Found]] = defaultdict(dict)
    for item in _with_repeats(text, found):
        mentions[clusters.root(_key(text, item))][item.start, item.end] = item
    entities = [_entity(text, root[0], spans) for root, spans in mentions.items()]
    return sorted(entities, key=lambda e: (e.start, e.end))


def _key(text: Text, found: Found) -> Key:
    surface = text.body[found.start : found.end]
    entry = listed(surface)
    known = entry.canonical if entry and entry.type is found.type else surface
    return found.type, found.canonical or known


def _join_short_forms(clusters: Clusters, keys: Sequence[Key]) -> None:
    """Join each name with the longer ones that it is short for; `keys` come longest first."""
    for kind in (EntityType.ORG, EntityType.FACILITY, EntityType.PLACE):
        same = is_same_place if kind is EntityType.PLACE else is_short_for
        holders: dict[str, list[Key]] = defaultdict(list)  # by each two characters of the name
        for key in (key for key in keys if key[0] is kind):
            name = key[1]
            for long in holders[name[:2]][:MOST_ALIKE]:
                if same(name, long[1]):
                    clusters.join(long, key)
            for pair in {name[i : i + 2] for i in range(len(name) - 1)}:
                holders[pair].append(key)


def is_same_place(short: str, long: str) -> bool:
    """Whether one place is named with and without its generic end: 泸州, 泸州市."""
    return PLACE_END.sub("", long) == short


def is_short_for(short: str, long: str) -> bool:
    """Whether a shorter name of an organisation stands for a longer one of the same article.

    省肿瘤医院 for 某省肿瘤医院, 某某医药 for 某某医药集团有限公司. A brand that lists know for itself is
    short for no longer name that they do not give it: a founder is not the company founded.
    """
    if len(short) >= len(long):
        return False
    known = listed(short)
    if known is not None:
        return known.canonical == long
    if COMPANY_END.search(long):
        return _is_company(short, long)
    if long.endswith(short):
        return len(short) > SHORTEST_SEARCHED + 1 and not listed(long)
    expanded = next((short.replace(a, full) for a, full in EXPANSIONS.items() if a in short), short)
    if expanded == long:
        return True
    coined = not listed(short[:2]) and short[:2] in long
    return coined and short.endswith("医院") and long.endswith("医院") and is_contraction(short, long)


def _is_company(short: str, long: str) -> bool:
    stem = COMPANY_END.sub("", long)
    if short.endswith("公司"):
        stem_short = COMPANY_END.sub("", short)
        return len(stem_short) >= SHORTEST_SEARCHED and stem_short in stem
    return short in long or (
        short[:2] in stem and is_contraction(short, long) and len(short) >= SHORTEST_CONTRACTION
    )


def _with_repeats(text: Text, found: Sequence[Found]) -> list[Found]:
    """Return the mentions with those that repeat a name where the grammar alone did not see it."""
    searched = [f for f in found if f.type in SEARCHED]
    names = {text.body[f.start : f.end]: f for f in searched}
    names = {name: f for name, f in names.items() if len(name) >= SHORTEST_SEARCHED}
    if not names:
        return list(found)
    taken = Spans((f.start, f.end) for f in searched)
    firsts = list(names.values())
    automaton = CharwiseDoubleArrayAhoCorasick(list(names), match_kind=MATCH_KIND_LEFTMOST_LONGEST)
    repeats = [
        firsts[index]._replace(start=start, end=end)
        for start, end, index in automaton.find(text.body)
        if not taken.touch(start, end)
    ]
    return [*found, *repeats]


def _entity(text: Text, kind: EntityType, spans: dict[tuple[int, int], Found]) -> Entity:
    ordered = sorted(spans)
    surfaces = list(dict.fromkeys(text.body[s:e] for s, e in ordered))
    listed_as = next((f.canonical for f in spans.values() if f.canonical), None)
    name = surfaces[0] if kind is EntityType.NUCLIDE else max(surfaces, key=len)
    canonical = listed_as or name
    others = [
        s
        for s in dict.fromkeys(
            [
                *surfaces,
                *([listed_as] if listed_as and kind not in {EntityType.NUCLIDE, EntityType.PLACE} else []),
            ]
        )
        if s != name
    ]
    return Entity(
        id=f"{kind.value}:{canonical}",
        type=kind,
        name=name,
        aliases=others,
        start=ordered[0][0],
        end=ordered[0][1],
        mentions=ordered,
        basis=spans[ordered[0]].basis,
    )
