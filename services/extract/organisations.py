"""Organisations: the last word (医院, 有限公司, or a trade behind a coined word) and what leads up to it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from schemas.extracted import EntityType
from services.extract.grammar import BRAND_PARTICLES, Found, Text, grammar, is_specific, name_start
from services.extract.words import tag_of

LONGEST_BRAND: Final = 8
SHORTEST_BRAND: Final = 2
LONGEST_RANK: Final = 4
SURE_END: Final = 4  # a last word this long ends a name wherever the words around it fall
PLACE_TRADES: Final = frozenset({"银行", "证券", "集团"})
ACTS: Final = re.compile("宣布|公告|表示|披露|发布|股价|回应|董事|总|创始|首席|副|、|（|\\(")
LEVELS: Final = frozenset({"省级", "国家级", "国家", "部级"})
OFFICES: Final = re.compile("[厅局委]$|科协$|政府$")
COMMITTEE: Final = re.compile(r"[省市县区镇]委(?![员会托派任办])")
NO_NAME_BEHIND: Final = re.compile(
    "[化性制者额业型费法]|生(?![命物理态])"
)  # 大学生, 集团化: the word goes on
PARTICLES: Final = frozenset("的了着")
GREEK: Final = re.compile("[α-ω]")  # α核素 is a kind of nuclide, no brand
LATIN: Final = re.compile("[a-z] [A-Z][a-z]")
LATIN_NAME: Final = re.compile(
    r"(?!The )(?:[A-Z][A-Za-z&-]{1,24} ){1,5}(?:Pharma|Pharmaceuticals|[A-Z]?[a-z]*[Tt]herapeutics|"
    r"Capital|Ventures|Securities|Isotopes|Isotopen|Diagnostics|Imaging|Oncology|Biopharma|"
    r"Radiopharmaceuticals|Radiopharmacy|Theranostics|Nuclides|Labs|Commission|Authority|Foundation|"
    r"University|Hospital|Centre|Center|Institute|Administration|Agency|Laboratory|Laboratories|Biosciences|"
    r"Biotech|Medical|Healthcare|Holdings|Group|Bank|Partners|Radiopharma|Nuclear|Energy|Technologies)"
    r"(?:,? (?:Co\., Ltd\.|Inc\.?|AS|AG|SE|GmbH|Ltd\.?|PLC|Corp\.?))?(?![A-Za-z])"
)


LATIN_FIRM: Final = re.compile(
    r"(?<![A-Za-z])(?:[A-Z][A-Za-z&-]{1,24} ){1,4}"
    r"(?:GmbH|AG|AB|BV|B\.V\.|N\.V\.|S\.A\.|SpA|Oy|KG|Inc\.?|LLC|Ltd\.?|PLC|Corp\.?)"
    r"(?![A-Za-z])"
)


def find_organisations(text: Text) -> list[Found]:
    """Return the organisations that the grammar of names finds, each with the longest name at its place."""
    found = [name for hit in _ends().find(text.body) if (name := _read(text, hit[0], hit[1]))]
    found += _committees(text)
    if LATIN.search(text.body):
        found += [
            Found(*m.span(), EntityType.ORG)
            for pattern in (LATIN_NAME, LATIN_FIRM)
            for m in pattern.finditer(text.body)
        ]
    return longest(found)


def longest(found: list[Found]) -> list[Found]:
    """Return the names that do not lie within, or run into, a longer one that starts before them."""
    kept: list[Found] = []
    for name in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or name.start >= kept[-1].end:
            kept.append(name)
        elif name.end > kept[-1].end and name.start > kept[-1].start:
            kept[-1] = kept[-1] if _length(kept[-1]) >= _length(name) else name
    return kept


def _length(found: Found) -> int:
    return found.end - found.start


def _read(text: Text, start: int, end: int) -> Found | None:
    """Return the name whose last word is body[start:end], or None where it names nothing."""
    body, word = text.body, text.body[start:end]
    cut = end not in text.boundaries and len(word) < SURE_END and not _title_follows(text, end)
    if cut or NO_NAME_BEHIND.match(body, end):
        return None
    begin = name_start(text, start)
    if word in grammar().organisation_ends and (
        _has_rank(text, begin, start, end) or _is_named(text, begin, start, word)
    ):
        return Found(begin, end, EntityType.ORG)
    if word not in grammar().trades or start not in text.boundaries:
        return None
    begin = _whole_brand(text, begin, start)
    coined = SHORTEST_BRAND <= start - begin <= LONGEST_BRAND and _is_coined(text, begin, start, end)
    return Found(begin, end, EntityType.ORG) if coined else None


def _title_follows(text: Text, position: int) -> bool:
    return tag_of(text.words.texts[text.word_index(position)]) == "n"


def _whole_brand(text: Text, begin: int, start: int) -> int:
    """Return where a brand begins of which one character alone was left: 同某重工 begins like 同 + name."""
    at = text.word_index(begin) - 1
    if (
        start - begin == 1
        and at >= 0
        and len(text.words[at].text) == 1
        and "一" <= text.words[at].text <= "鿿"
    ):
        return text.words[at].start
    return begin


def _is_coined(text: Text, begin: int, start: int, end: int) -> bool:
    """Whether body[begin:start] is a made-up word: characters that no dictionary joins, or a name's tag."""
    if any(c in "()（）" for c in text.body[begin:start]):
        return False
    words = text.texts_between(begin, start)
    while len(words) > 1 and words[-1] in grammar().trades:
        words.pop()
    if (
        any(word in grammar().generic for word in words)
        or (words[0] in grammar().stops and not _is_brand_of_two(words))
        or GREEK.search(words[-1])
    ):
        return False
    trade = text.body[start:end]
    if len(words) == 1 and len(words[0]) > 1 and (tag := tag_of(words[0]))[:2] not in {"nz", "nr"}:
        firm = trade in (PLACE_TRADES if tag == "ns" else grammar().firm_trades)
        return tag[0] == "n" and (firm or (tag != "ns" and _acts(text, begin, end)))
    singles = sum(len(word) == 1 for word in words)
    named = any(tag_of(word) in {"nz", "nr", "nrt", "nrfg", "x"} for word in words)
    return singles >= SHORTEST_BRAND or named or (singles >= 1 and len(words) > 1)


def _is_brand_of_two(words: list[str]) -> bool:
    """Whether two single characters, the first of them a particle, make a brand: 同 and the next."""
    return words[0] in BRAND_PARTICLES and [len(word) for word in words] == [1, 1]


def _acts(text: Text, begin: int, end: int) -> bool:
    """Whether body[begin:end] opens a clause and does what companies do."""
    opens = begin == 0 or not text.body[begin - 1].isalnum()
    return opens and ACTS.match(text.body, end) is not None


def _is_named(text: Text, begin: int, start: int, end_word: str) -> bool:
    """Whether what stands before the last word of an institution tells it from others."""
    length = start - begin
    if length < SHORTEST_BRAND:
        return False
    if is_specific(text, begin, start):
        return True
    words = text.texts_between(begin, start)
    if end_word == "大学":
        return any(
            word not in grammar().generic and tag_of(word) == "n" and len(word) > SHORTEST_BRAND
            for word in words
        )
    return length > LONGEST_RANK and words[0] in LEVELS and end_word in {"学院", "研究院", "实验室"}


def _has_rank(text: Text, begin: int, start: int, end: int) -> bool:
    """Whether a rank stands for the proper name: 省肿瘤医院, 省生态环境厅."""
    if text.words.texts[text.word_index(begin)] not in {"省", "市", "县"} or start == begin:
        return False
    return start - begin >= SHORTEST_BRAND or OFFICES.search(text.body[start:end]) is not None


def _committees(text: Text) -> list[Found]:
    """Return the committees of the party: 泸州市委, 夹江县委."""
    found = []
    for match in COMMITTEE.finditer(text.body):
        begin = name_start(text, match.start()) if match.start() else 0
        if begin < match.start():
            found.append(Found(begin, match.end(), EntityType.ORG))
    return found


@cache
def _ends() -> CharwiseDoubleArrayAhoCorasick:
    ends = sorted(grammar().organisation_ends | grammar().trades)
    return CharwiseDoubleArrayAhoCorasick(ends, match_kind=MATCH_KIND_LEFTMOST_LONGEST)
