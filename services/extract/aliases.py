"""Short names that the text defines: 某某医药集团有限公司（以下简称“某某医药”）."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from schemas.extracted import EntityType
from services.extract.grammar import Found, Text, grammar, name_start
from services.extract.organisations import longest
from services.extract.spans import Spans

DEFINITION: Final = re.compile(
    r"[（(](?P<cue>(?:以下|下)?(?:统一)?(?:简称|称)(?:为)?|证券简称|又称|又名|即|原名|曾用名)?[:：]?\s?[“「\"‘](?P<quoted>[^”」\"’》《]{2,16})[”」\"’][）)]"
    r"|[（(](?P<cue2>(?:以下|下)(?:统一)?(?:简称|称)为?|简称|证券简称|又称|又名|即|原名|曾用名)?[:：]?\s?(?P<bare>[一-鿿A-Za-z/-]{2,14})[）)]"
)
LONGEST_FULL_NAME: Final = 30


def find_definitions(
    text: Text, institutions: Sequence[Found]
) -> tuple[list[Found], list[tuple[Found, Found]]]:
    """Return the institutions with those that only a definition shows, and pairs (full name, short name)."""
    ends = {found.end: found for found in institutions}
    pairs = []
    for match in DEFINITION.finditer(text.body):
        group = "quoted" if match["quoted"] else "bare"
        cued = bool(match["cue"] or match["cue2"])
        full = _full_name(text, ends.get(match.start()), match.start(), match[group], cued)
        if full is not None:
            pairs.append((full, Found(*match.span(group), full.type, basis="definition")))
    defined = Spans((short.start, short.end) for _, short in pairs)
    others = [found for found in institutions if not defined.touch(found.start, found.end)]
    return longest([*others, *(full for full, _ in pairs), *(short for _, short in pairs)]), pairs


def _full_name(text: Text, known: Found | None, end: int, short: str, cued: bool) -> Found | None:
    """Return the name that ends where the bracket opens, if the short form can stand for it."""
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
