"""Drugs: development codes (SKB-107 = SKB107), names with a nuclide in them, and the pairs of the two."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import Final

from schemas.extracted import EntityType
from services.extract.grammar import Found, Text
from services.extract.lexicon import listed
from services.extract.organisations import longest
from services.extract.spans import Spans
from services.extract.words import DATA, read_lines

CODE: Final = re.compile(
    r"[A-Z](?<![A-Za-z0-9\-—][A-Z])[A-Z]{1,5}(?:-[A-Z]?\d{1,5}|[A-Z]?\d{2,5})[A-Za-z]?(?![A-Za-z0-9]|-\d|型|号|[.．]\d)"
)
BEFORE_DIGITS: Final = re.compile(r"(?<=[A-Z])(?=\d)")
FORM: Final = "注射液|注射剂|口服液|口服溶液|胶囊|微球|片|发生器|药盒"
FORMS: Final = re.compile(FORM)
STEM: Final = "肽|单抗|抗体|奥曲肽|脱氧葡糖|膦酸|嗪|胺|酸盐|糖|硼"
SUBSTANCE: Final = f"(?:[一-鿿]{{0,8}}?(?:{FORM})|[一-鿿]{{1,6}}?(?:{STEM})(?:{FORM})?)"
BRACKETED: Final = re.compile(rf"(?:-?[一-鿿]\[\d{{1,3}}m?[A-Z][a-z]?\])?{SUBSTANCE}")
DASHED: Final = re.compile("(?!治疗|标记|标靶|显像|靶向|新|药|靶)[一-鿿]{1,5}?(?:肽|单抗|注射液)")
SALT: Final = re.compile("[氯碘氟]化$")
NAMING: Final = re.compile(r"(?:研发)?代号(?:为|是)?$")
BRACKET: Final = re.compile(r"[（(](?:研发|以下简称|下称)?(?:代号|简称)?[“\"]?$")
DRUG_CUES: Final = re.compile(
    "药|注射|代号|临床|试验|受试|标记|管线|入组|适应|适应症|上市|显像|品种|给药|申报|批文|II期|III期|I期|drug|agent|tracer|trial|Phase|candidate|patient"
)
REACH: Final = 60  # code points to each side within which something must speak of drugs
LOOKBACK: Final = 160


def find_drugs(text: Text, nuclides: Sequence[Found]) -> tuple[list[Found], list[tuple[Found, Found]]]:
    """Return the drugs and the pairs (name, code) that the text says are the same."""
    body = text.body
    names = _named_with_nuclide(body, nuclides)
    taken = Spans((n.start, n.end) for n in longest([*names, *nuclides]))
    codes = [
        _with_form(body, match)
        for match in CODE.finditer(body)
        if not taken.touch(*match.span()) and _is_drug(body, match)
    ]
    codes = _canonical(codes, body)
    found = sorted([*names, *codes], key=lambda f: f.start)
    return found, [pair for code in codes if (pair := _named_by(body, names, code))]


def _named_with_nuclide(body: str, nuclides: Sequence[Found]) -> list[Found]:
    """Return the drugs whose names begin with a nuclide: 镥[177Lu]某某肽注射液, 碘化钠 aside."""
    names: list[Found] = []
    for nuclide in nuclides:
        if names and nuclide.start < names[-1].end:
            continue
        pattern = BRACKETED if body[nuclide.end - 1] == "]" else DASHED
        chinese = "一" <= body[nuclide.start] <= "鿿"
        if chinese and (match := pattern.match(body, nuclide.end)):
            salt = SALT.search(body, max(0, nuclide.start - 2), nuclide.start)
            names.append(Found(salt.start() if salt else nuclide.start, match.end(), EntityType.DRUG))
    return names


def _is_drug(body: str, match: re.Match[str]) -> bool:
    code = match.group()
    if re.split(r"[-\d]", code)[0] in _no_codes():
        return False
    return DRUG_CUES.search(body, max(0, match.start() - REACH), match.end() + REACH) is not None


def _with_form(body: str, match: re.Match[str]) -> Found:
    """Return the code as an entity; AB-12注射液 is named by its code."""
    known = listed(match.group())
    form = FORMS.match(body, match.end())
    end = form.end() if form else match.end()
    return Found(match.start(), end, EntityType.DRUG, known.canonical if known else None, "code")


def _canonical(codes: Sequence[Found], body: str) -> list[Found]:
    """Give every spelling of one code the same name: the one with a dash that the text has, or would have."""
    spellings = [(CODE.match(body, code.start) or [""])[0] for code in codes]
    dashed = {s.replace("-", ""): s for s in spellings if "-" in s}
    return [
        code._replace(
            canonical=code.canonical or dashed.get(s.replace("-", "")) or BEFORE_DIGITS.sub("-", s, 1)
        )
        for code, s in zip(codes, spellings, strict=True)
    ]


def _named_by(body: str, names: Sequence[Found], code: Found) -> tuple[Found, Found] | None:
    """Return the drug whose code this is: 某肽注射液（代号AB-12）, or 代号为AB-12 soon behind it."""
    at = bisect_left(names, code) - 1
    if at < 0:
        return None
    nearest = names[at]
    if BRACKET.search(body[nearest.end : code.start]):
        return nearest, code
    naming = NAMING.search(body, max(0, code.start - 8), code.start)
    near = code.start - nearest.end <= LOOKBACK
    return (nearest, code) if naming and near and body[code.start - 8 : code.start].find("（") < 0 else None


@cache
def _no_codes() -> frozenset[str]:
    return frozenset(read_lines(DATA / "no_codes.txt"))
