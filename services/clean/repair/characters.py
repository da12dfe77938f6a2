"""Take out characters that nobody sees, and markup that was left behind as text.

Markup may also be what a text is about. Then it stays: a page that speaks of HTML or shows a program keeps
its tags and character references, unless it bears the marks of a cloaking tool. Elsewhere a tag goes that has
attributes, a partner or a neighbour, or breaks a line where a sentence ends; `<option>` is a placeholder.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from html.entities import html5
from unicodedata import normalize

from services.clean.repair.edits import Draft, Edit

# C0 and C1 controls without tab and line ends, soft hyphen, zero-width and directional marks, the byte order
# mark, variation selectors and non-characters: none of them is text (Unicode 16, chapter 23).
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]+"
)
TAGS = range(0xE0000, 0xE1000)  # the only invisible characters beyond the Basic Multilingual Plane
SPACES = re.compile("\r\n?|[\x85\u2028\u2029]|[\xa0\u2000-\u200a\u202f\u205f]+")
REPLACEMENT = re.compile("(?<![\"'“‘`])\ufffd+|\ufffd{2,}")  # in quotes, it is what the text speaks of
BREAK = re.compile(r"<br ?/?>|(?<![A-Za-z<&])br ?/>", re.IGNORECASE)
COMMENT = re.compile("<!--.{0,300}?-->", re.DOTALL)
TAG = re.compile(
    r"(?<![\"'`“‘「])<(/?)(a|abbr|acronym|b|center|code|dd|div|dl|dt|em|font|form|h[1-6]|i|img|input|ins|kbd|label|li|menu|ol|"
    r"optgroup|option|p|pre|s|script|small|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th|"
    r"thead|tr|tt|u|ul|var)(\s[^<>\n]{0,300})?/?>(?![\"'`”’」])",
    re.IGNORECASE,
)
ENTITY = re.compile(
    r"&(?:amp;)*(?:[A-Za-z][A-Za-z0-9]{1,15}|#[0-9]{2,6}|#[xX][0-9A-Fa-f]{2,5});|&#[0-9]{5}(?![0-9])"
)
# Characters that a program wrote by their numbers; a text about programs has one or two.
ESCAPED = re.compile(r"(?:\\u[3-9][0-9a-f]{3}){4,}", re.IGNORECASE)
MAX_ESCAPES = 4  # times that a reference was escaped
# Words that speak of markup, and are no part of an address.
ABOUT_MARKUP = re.compile(
    r"(?<![.\w/-])(?:X?HTML5?|XML|tags?)(?![\w/-])|JavaScript|markup|标签|標籤|タグ|源代?[码碼]|コード|"
    r"</?(?:html|body|head)\b",
    re.IGNORECASE | re.ASCII,
)
AT_END = frozenset(["", *"\n。！？!?.；;”」』）)：:…>"])
# What forums strew between the lines against copying: a word of random letters and digits.
JAMMER = re.compile(r"[0-9a-z]{8,12}(?=[ \t]*$)", re.MULTILINE)
BEFORE_JAMMER = "。！？!?”」"
CHANGES = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
MIN_CHANGES = 3  # between letters and digits, in a word on its own line: names of programs have one or two
ASCII = "\x7f"
MIN_JAMMERS = 3  # fewer may be a code that the text means
# Characters of the radicals' and the compatibility blocks, as copied out of PDF files, inside of words.
UNUSUAL = re.compile("(?<=[㐀-鿿])[\u2f00-\u2fd5\uf900-\ufad9]|[\u2f00-\u2fd5\uf900-\ufad9](?=[㐀-鿿])")
UNUSUAL_SET = frozenset(map(chr, [*range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA)]))
# A Cyrillic or Greek letter among Latin ones that it looks like.
ALIKE = dict(
    zip("АВЕЅІЈКМНОРСТХУаеосрхіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESIJKMHOPCTXYaeocpxijsABEZHIKMNOPTYXo", strict=True)
)
MIXED = re.compile(
    rf"(?<=[A-Za-z])[{''.join(ALIKE)}]+(?![Ѐ-ӿͰ-Ͽ])|(?<![Ѐ-ӿͰ-Ͽ])[{''.join(ALIKE)}]+(?=[A-Za-z])"
)


def drop_invisible(draft: Draft) -> None:
    """Remove control and zero-width characters; make one kind of line end and of space."""
    if not draft.signs.isdisjoint(_all(INVISIBLE)):
        _substitute(draft, "control_characters", INVISIBLE, "")
    if not draft.signs.isdisjoint(_all(SPACES)):
        draft.apply("white_space", [Edit(*m.span(), _plain(m[0])) for m in SPACES.finditer(draft.text)])


def unescape_references(draft: Draft) -> None:
    """Put in the characters that references stand for which were escaped once too often, `&amp;#20013;`."""
    if "\\" in draft.signs:
        draft.apply("entity", [Edit(*m.span(), _unwritten(m[0])) for m in ESCAPED.finditer(draft.text)])
    if "&" not in draft.signs:
        return
    found = [m for m in ENTITY.finditer(draft.text) if m[0].rpartition("&")[2] in html5 or "#" in m[0]]
    edits = [Edit(*m.span(), _unescaped(m[0])) for m in found]
    if edits and not ABOUT_MARKUP.search(draft.text):
        draft.apply("entity", edits)


def drop_markup(draft: Draft, *, cloaked: bool) -> None:
    """Remove tags, replacement characters and jammers that stand in the text as text."""
    if ">" in draft.signs and ("<" in draft.signs or "/>" in draft.text):
        _drop_tags(draft, cloaked=cloaked)
    if "\ufffd" in draft.signs:
        _substitute(draft, "replacement_characters", REPLACEMENT, "")
    if sum(map(_may_end_in_jammer, draft.text.split("\n"))) < MIN_JAMMERS:
        return
    words = [m for m in JAMMER.finditer(draft.text) if not (m[0].isalpha() or m[0].isdigit())]
    sure = {m.start() for m in words if _is_jammer(draft.text, m)}
    if len(sure) >= MIN_JAMMERS:
        sure |= {m.start() for m in words if draft.text[m.start() - 1 : m.start()] > ASCII}
        draft.apply("jammer", [Edit(*m.span(), "") for m in words if m.start() in sure])


def _drop_tags(draft: Draft, *, cloaked: bool) -> None:
    found = any(pattern.search(draft.text) for pattern in (BREAK, TAG, COMMENT))
    if not found or (not cloaked and ABOUT_MARKUP.search(draft.text)):
        return
    breaks = [m for m in BREAK.finditer(draft.text) if cloaked or _is_break(draft.text, m)]
    draft.apply("markup", [Edit(*m.span(), "\n") for m in breaks])
    _substitute(draft, "markup", COMMENT, "")
    tags = list(TAG.finditer(draft.text))
    closed = {m[2].lower() for m in tags if m[1]}
    debris = [m for m in tags if cloaked or _is_debris(draft.text, m, closed)]
    draft.apply("markup", [Edit(*m.span(), "") for m in debris])


def mend_letters(draft: Draft) -> None:
    """Put in the usual characters for those that only look like them."""
    if not draft.signs.isdisjoint(UNUSUAL_SET):
        found = UNUSUAL.finditer(draft.text)
        draft.apply("look_alike", [Edit(*m.span(), normalize("NFKC", m[0])) for m in found])
    if not draft.signs.isdisjoint(ALIKE):
        mixed = MIXED.finditer(draft.text)
        draft.apply("look_alike", [Edit(*m.span(), "".join(map(ALIKE.__getitem__, m[0]))) for m in mixed])


def _unescaped(reference: str) -> str:
    for _ in range(MAX_ESCAPES):
        reference = unescape(reference)
    return reference.replace("\xa0", " ")


def _unwritten(numbers: str) -> str:
    return "".join(chr(int(number, 16)) for number in re.split(r"\\[uU]", numbers)[1:])


def _is_break(text: str, match: re.Match[str]) -> bool:
    """Return whether a break is torn, or stands where a line may end."""
    around = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
    return match[0][0] != "<" or any(sign in AT_END for sign in around)


def _is_debris(text: str, match: re.Match[str], closed: set[str]) -> bool:
    """Return whether a tag has attributes, a partner or a neighbour."""
    if match[1] or "=" in (match[3] or "") or match[2].lower() in closed:
        return True
    return text[match.start() - 1 : match.start()] == ">" or text[match.end() : match.end() + 1] == "<"


def _may_end_in_jammer(line: str) -> bool:
    """Return whether a line ends in letters or digits: a look that spares honest pages the close one."""
    end = line[-3:].rstrip()
    return end.isascii() and end.isalnum()


def _is_jammer(text: str, match: re.Match[str]) -> bool:
    """Return whether letters mixed with digits end a sentence, or stand on a line and look random."""
    if text[max(0, match.start() - 1) : match.start()] in BEFORE_JAMMER:
        return match.start() > 0
    alone = match.start() == 0 or text[match.start() - 1] == "\n"
    return alone and len(CHANGES.findall(match[0])) >= MIN_CHANGES


@cache
def _all(pattern: re.Pattern[str]) -> frozenset[str]:
    """Return all single characters that a pattern matches, for a quick look."""
    return frozenset(c for c in map(chr, [*range(0x10000), *TAGS]) if pattern.fullmatch(c))


def _substitute(draft: Draft, kind: str, pattern: re.Pattern[str], after: str) -> None:
    draft.apply(kind, [Edit(*m.span(), after) for m in pattern.finditer(draft.text)])


def _plain(space: str) -> str:
    return "\n" if space[0] in "\r\x85\u2028\u2029" else " " * len(space)
