"""Take out characters that nobody sees, and markup that was left behind as text."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from html.entities import html5

from services.clean.edits import Draft, Edit

# C0 and C1 controls without tab and line ends, soft hyphen, zero-width and directional marks, the byte order
# mark, variation selectors and non-characters: none of them is text (Unicode 16, chapter 23).
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff]+"
)
SPACES = re.compile("\r\n?|[\x85\u2028\u2029]|[\xa0\u2000-\u200a\u202f\u205f]+")
REPLACEMENT = re.compile("\ufffd+")
BREAK = re.compile(r"<br ?/?>|(?<![A-Za-z<&])br ?/>", re.IGNORECASE)
TAG = re.compile(
    r"</?(?:a|abbr|acronym|b|center|code|dd|div|dl|dt|em|font|form|h[1-6]|i|img|input|ins|kbd|label|li|menu|ol|"
    r"optgroup|option|p|pre|rt|ruby|s|script|small|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th|"
    r"thead|tr|tt|u|ul|var)(?:\s[^<>\n]{0,300})?/?>",
    re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,15}|#[0-9]{2,6}|#[xX][0-9A-Fa-f]{2,5});")
# What forums strew between the lines against copying: a word of random letters and digits.
JAMMER = re.compile(r"[0-9a-z]{8,12}(?=[ \t]*$)", re.MULTILINE)
BEFORE_JAMMER = "\n。！？!?”」"
MIN_JAMMERS = 3  # fewer may be a code that the text means


def drop_invisible(draft: Draft) -> None:
    """Remove control and zero-width characters; make one kind of line end and of space."""
    characters = frozenset(draft.text)
    if characters & _all(INVISIBLE):
        _substitute(draft, "control_characters", INVISIBLE, "")
    if characters & _all(SPACES):
        draft.apply("white_space", [Edit(*m.span(), _plain(m[0])) for m in SPACES.finditer(draft.text)])


def drop_markup(draft: Draft) -> None:
    """Remove tags, entities, replacement characters and jammers that stand in the text as text."""
    if ">" in draft.text:
        _substitute(draft, "markup", BREAK, "\n")
        _substitute(draft, "markup", TAG, "")
    if "&" in draft.text:
        found = [m for m in ENTITY.finditer(draft.text) if m[0][1] == "#" or m[0][1:] in html5]
        draft.apply("entity", [Edit(*m.span(), unescape(m[0]).replace("\xa0", " ")) for m in found])
    if "\ufffd" in draft.text:
        _substitute(draft, "replacement_characters", REPLACEMENT, "")
    jammers = [m for m in JAMMER.finditer(draft.text) if _is_jammer(draft.text, m)]
    if len(jammers) >= MIN_JAMMERS:
        draft.apply("jammer", [Edit(*m.span(), "") for m in jammers])


def _is_jammer(text: str, match: re.Match[str]) -> bool:
    """Return whether random letters mixed with digits stand alone at the end of a line or sentence."""
    mixed = not match[0].isalpha() and not match[0].isdigit()
    return mixed and (match.start() == 0 or text[match.start() - 1] in BEFORE_JAMMER)


@cache
def _all(pattern: re.Pattern[str]) -> frozenset[str]:
    """Return all single characters that a pattern matches, for a quick look."""
    return frozenset(c for c in map(chr, range(0x10000)) if pattern.fullmatch(c))


def _substitute(draft: Draft, kind: str, pattern: re.Pattern[str], after: str) -> None:
    draft.apply(kind, [Edit(*m.span(), after) for m in pattern.finditer(draft.text)])


def _plain(space: str) -> str:
    return "\n" if space[0] in "\r\x85\u2028\u2029" else " " * len(space)
