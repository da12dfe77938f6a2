"""Join characters that were set apart, `核 医 学 中 心` or `核*医*学*中*心`, to hide them from search."""

from __future__ import annotations

import re

from services.clean.repair.edits import Draft, Edit
from services.clean.repair.language import likelihood
from services.clean.repair.script import to_simplified

MIN_APART = 16  # characters in a row; headings and signatures set fewer apart
SEPARATORS = " *_|~^`+=.·-"
WRITTEN = "㐀-鿿，。、：；！？“”（）《》0-9"
APART = re.compile(
    rf"[{WRITTEN}](?P<sign>[{re.escape(SEPARATORS)}])(?:[{WRITTEN}](?P=sign)){{{MIN_APART},}}[{WRITTEN}]?"
)
# A beginning that can be searched for quickly.
START = re.compile(
    rf"[{re.escape(SEPARATORS)}][㐀-鿿][{re.escape(SEPARATORS)}][㐀-鿿][{re.escape(SEPARATORS)}]"
)
# Natural logarithm, mean of the characters of the joined text: prose has -4 to -6, a list of surnames -8.
PROSE = -7.0
PARTICLES = frozenset("的了在是和与與为為有对對等将將")


def join_apart(draft: Draft) -> None:
    """Join the runs that make Chinese when they are joined; lists of single characters do not."""
    if not START.search(draft.text):
        return
    found = ((match, match[0].replace(match["sign"], "")) for match in APART.finditer(draft.text))
    draft.apply("set_apart", [Edit(*match.span(), joined) for match, joined in found if _is_prose(joined)])


def _is_prose(text: str) -> bool:
    """Return whether a text is likely and has one of the words that no sentence is long without."""
    if PARTICLES.isdisjoint(text):
        return False
    return likelihood(to_simplified(text)) > PROSE * len(text)
