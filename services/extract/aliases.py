"""Short names that the text defines: 广州医药集团有限公司（以下简称“广药集团”）, 台北荣总（以下简称北荣）."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from schemas.extracted import EntityType
from services.extract.grammar import Found, Text, grammar, name_start
from services.extract.organisations import longest

DEFINITION: Final = re.compile(
    r"[（(](?P<cue>(?:以下|下)?(?:统一)?(?:简称|称)(?:为)?|证券简称|又称|又名|即|原名|曾用名)?[:：]?\s?[“「\"‘](?P<quoted>[^”」\"’》《]{2,16})[”」\"’][）)]"
    r"|[（(](?P<cue2>(?:以下|下)(?:统一)?(?:简称|称)为?|简称|证券简称|又称|又名|即|原名|曾用名)?[:：]?\s?(?P<bare>[一-鿿A-Za-z/-]{2,14})[）)]"
)
LONGEST_FULL_NAME: Final = 30


def find_definitions(
    text: Text, institutions: Sequence[Found]
) -> tuple[list[Found], list[tuple[Found, Found]]]:
    """Return the institutions with those that only a definition shows, and the pairs (full name, short name)."""
    names = list(institutions)
    pairs = []
    for match in DEFINITION.finditer(text.body):
        group = "quoted" if match["quoted"] else "bare"
        cued = bool(match["cue"] or match["cue2"])
        short = Found(*match.span(group), EntityType.ORG, basis="definition")
        full = _full_name(text, names, match.start(), match[group], cued)
        if full is None:
            continue
        short = short._replace(type=full.type)
        names = longest([n for n in names if n.end <= short.start or n.start >= short.end] + [full])
        names.append(short)
        pairs.append((full, short))
    return sorted(names), pairs


def _full_name(text: Text, names: Sequence[Found], end: int, short: str, cued: bool) -> Found | None:
    """Return the name that ends where the bracket opens, if the short form can stand for it."""
    known = next((n for n in names if n.end == end), None)
    if known and (cued or is_contraction(short, text.body[known.start : end])):
        return known
    if not cued or "《" in short:
        return None
    start = name_start(text, end)
    if end - start < len(short) or end - start > LONGEST_FULL_NAME:
        return None
    if text.body[end - 1] == "》" or not set(short) & set(text.body[start:end]):
        return None
    facility = any(text.body[start:end].endswith(e) for e in grammar().facility_ends)
    kind = EntityType.FACILITY if facility else EntityType.ORG
    return Found(start, end, kind, basis="definition")


def is_contraction(short: str, full: str) -> bool:
    """Whether the characters of `short` stand in `full` in the same order."""
    rest = iter(full)
    return len(short) < len(full) and all(char in rest for char in short)
