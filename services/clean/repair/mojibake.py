"""Read again what was written in one encoding and read in another.

    UTF-8 read as Latin-1 or windows-1252     ä¸­æ–‡        every run that is well-formed UTF-8, by itself
    GBK or Big5 read so                       ÖÐÎÄ          lines that consist of such letters
    UTF-8 read as GBK                         涓枃           lines with its telltale characters
    UTF-8 read as Big5                        銝剜           likewise

In the first two ways nothing is lost. In the others, whatever was no pair of bytes is gone: a character of
which two bytes are left is filled in where the dictionary leaves no doubt, and marked elsewhere. A line is
read again only where the result is Chinese and what stood there is not, by the words of jieba's dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from schemas.cleaned import LOST_CHARACTER as LOST
from services.clean.repair.candidates import CONTEXT, Page, likeliest
from services.clean.repair.damage import GIBBERISH
from services.clean.repair.edits import Draft, Edit
from services.clean.repair.language import likelihood, words
from services.clean.repair.script import is_traditional, to_simplified

# How a byte looks in Latin-1, and in windows-1252, whose undefined bytes stay controls (WHATWG Encoding).
LEAD = 0xC0  # the least byte that begins a character in UTF-8
_BYTES = {chr(byte): byte for byte in range(0x80, 0x100)}
_UNDEFINED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
_BYTES |= {bytes((byte,)).decode("cp1252"): byte for byte in {*range(0x80, 0xA0)} - _UNDEFINED}
_TRAIL = "".join(re.escape(look) for look, byte in _BYTES.items() if byte < LEAD)
HIGH_LATIN = frozenset(map(chr, range(0xA1, 0x100)))
MIN_DISTINCT = 3  # different letters of this range: `â€™` has one, a French text a dozen
# Characters of three or four bytes; a no-break space may have become a plain one. Shorter ones among them
# only: `É»` also ends a French quotation.
_WHOLE = rf"[à-ï][{_TRAIL} ][{_TRAIL}]|ð[{_TRAIL}]{{3}}"
UTF8 = re.compile(_WHOLE)
UTF8_SHORT = re.compile(rf"(?:{_WHOLE}|[Â-ß][{_TRAIL}])+")
CHINESE = re.compile("[\u2010-\u2026\u2030-\u203b\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
LATIN_1 = 0xFF
_LOOKS = "".join(map(re.escape, _BYTES))
LATIN = re.compile(f"[{_LOOKS}]")
LATIN_RUN = re.compile(f"[{_LOOKS}]{{4,}}")
# How leads that are common in Chinese look, of UTF-8, GBK and Big5. A Swedish page has them too, but makes no
# Chinese when it is read again.
COMMONEST = "åÖ¤"
MANY_FOREIGN = 3
MIN_CHINESE = 8  # characters that show whether a page is Chinese
FEW_BROKEN = 0.01  # of the characters of a page
SAMPLE = 20_000
_CONTROLS = {ord(look): chr(byte) for look, byte in _BYTES.items() if ord(look) > LATIN_1}
LATIN_LINE = re.compile(f"[\x00-\x09\x0b-\x7f{_LOOKS}]+")
LINE = re.compile("[^\n]+")
LATIN_SHARE = 0.25  # of the characters of a line, in GBK read as Latin-1; European languages have .15
MIN_LATIN = 6
MIN_SHORT = 2
COVERED = 0.9  # of the foreign letters of a line, by well-formed UTF-8
# What the commonest characters become: ， 锛, 。 銆, 的 鐨, 是 鏄, 在 鍦, 和 鍜; ， 嚗, 一不中 銝, 二于人 鈭.
AS_GBK = frozenset("锛銆鐨鏄鍦鍜鍥鏈浜")
AS_BIG5 = frozenset("嚗銝鈭隞敺撣餈")
TELLTALE = re.compile(f"[{''.join(AS_GBK | AS_BIG5)}]")
MIN_TELLTALES = 2  # different ones; no other text has them together
CLEAR = 2.0  # natural logarithm, a character: how much likelier the new reading must be
MAX_LOST = 0.5  # share of the characters of a line
GONE = b"\xff"
WHOLE = 2  # characters on both sides of a lost one that must be known
# Pieces of UTF-8 of which some bytes are gone (0xFF): whole characters, two bytes of three, and remains.
PIECE = re.compile(
    rb"(?P<whole>[\x00-\x7f]+|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"
    rb"|(?P<two>[\xe0-\xef][\x80-\xbf])\xff*|[\x80-\xff]\xff*"
)


class Reread(NamedTuple):
    """A line read again, `LOST` where a character is unknown; for each of these what is left of its bytes."""

    text: str
    left: list[bytes]


def reread_page(text: str) -> str:
    """Return a whole page as it was before all of its bytes were taken for Latin-1, or `text` itself.

    Must come before the markup is read: that makes one blank of all white space, which some bytes look like.
    """
    try:
        text.encode("latin-1")
    except UnicodeEncodeError as error:  # in Chinese pages at once
        if ord(text[error.start]) not in _CONTROLS:
            return text
    if sum(map(text.count, COMMONEST)) < MANY_FOREIGN:
        return text
    try:
        data = text.translate(_CONTROLS).encode("latin-1")
    except UnicodeEncodeError:
        return text
    readings = [data.decode(codec, "replace") for codec in ("utf-8", "gb18030", "big5hkscs")]
    whole = [again for again in readings if again.count("\ufffd") <= FEW_BROKEN * len(again)]
    best = max(whole, key=_chinese_worth, default=text)
    return best if _chinese_worth(best) > GIBBERISH else text


def undo_mojibake(draft: Draft) -> None:
    """Put the draft's text back to what it was before it was read in the wrong encoding."""
    if len(draft.signs & HIGH_LATIN) >= MIN_DISTINCT or not draft.signs.isdisjoint("âãäåæçèé"):
        draft.apply("mojibake", list(_utf8_as_latin(draft.text)))
        if LATIN_RUN.search(draft.text):
            draft.apply("mojibake", _lines_as_latin(draft.text))
    told = set(TELLTALE.findall(draft.text))
    for telltales, codec in ((AS_GBK, "gb18030"), (AS_BIG5, "big5hkscs")):
        if len(told & telltales) >= MIN_TELLTALES:
            edits = list(_lines_as(draft.text, telltales, codec))
            draft.apply("mojibake", edits)
            draft.damage_left += sum(edit.after.count(LOST) for edit in edits)


def _utf8_as_latin(text: str) -> Iterator[Edit]:
    """Yield every run that is UTF-8, where most foreign letters of a line are; elsewhere the lone `â€™`."""
    for line in LINE.finditer(text):
        if not UTF8.search(line[0]):
            continue
        runs = [(match, whole) for match in UTF8_SHORT.finditer(line[0]) if (whole := _from_utf8(match[0]))]
        covered = sum(len(match[0]) for match, _ in runs)
        if covered < COVERED * len(LATIN.findall(line[0])):
            runs = [(match, whole) for match, whole in runs if _stands_alone(match)]
        if any(CHINESE.search(whole) for _, whole in runs):
            yield from (Edit(line.start() + m.start(), line.start() + m.end(), whole) for m, whole in runs)


def _from_utf8(look: str) -> str | None:
    return _decoded(bytes(_BYTES.get(sign, 0xA0) for sign in look), "utf-8")


def _stands_alone(match: re.Match[str]) -> bool:
    """Return whether a run has three bytes, and no foreign letter on either side."""
    around = (
        match.string[max(0, match.start() - 1) : match.start()] + match.string[match.end() : match.end() + 1]
    )
    return UTF8.fullmatch(match[0]) is not None and not LATIN.search(around)


def _lines_as_latin(text: str) -> list[Edit]:
    """Return the lines, or their parts between Chinese, that are GBK or Big5 read as Latin-1.

    Where there is one, short ones count too.
    """
    lines = list(LATIN_LINE.finditer(text))
    found = [edit for line in lines if (edit := _from_gbk(line, MIN_LATIN))]
    return [edit for line in lines if (edit := _from_gbk(line, MIN_SHORT))] if found else []


def _from_gbk(line: re.Match[str], least: int) -> Edit | None:
    high = len(LATIN.findall(line[0]))
    if high < least or high < LATIN_SHARE * len(line[0]):
        return None
    data = bytes(_BYTES.get(look, ord(look) & 0x7F) for look in line[0])
    readings = [whole for codec in ("gb18030", "big5hkscs") if (whole := _decoded(data, codec))]
    best = max(readings, key=_worth, default="")
    return Edit(*line.span(), best) if best and _worth(best) > GIBBERISH else None


def _lines_as(text: str, telltales: frozenset[str], codec: str) -> Iterator[Edit]:
    """Yield the lines that are UTF-8 read in the encoding `codec`."""
    for line in LINE.finditer(text):
        if telltales.isdisjoint(line[0]):
            continue
        again = _reread(line[0], codec)
        plain, lost = again.text.replace(LOST, ""), len(again.left)
        if lost > MAX_LOST * len(again.text) or lost >= len(CHINESE.findall(plain)):
            continue
        if _worth(plain) > max(GIBBERISH, _worth(line[0]) + CLEAR):
            yield Edit(*line.span(), _filled(again))


def _reread(line: str, codec: str) -> Reread:
    data = b"".join(_written(line, at, codec) for at in range(len(line)))
    pieces, left = [], []
    for match in PIECE.finditer(data):
        if match["whole"]:
            pieces.append(match["whole"].decode("utf-8", "ignore"))
        elif match["two"] or not pieces or pieces[-1] != LOST:
            pieces.append(LOST)
            left.append(match["two"] if match["two"] and match[0].count(GONE) <= 1 else b"")
    return Reread("".join(pieces), left)


def _written(line: str, at: int, codec: str) -> bytes:
    """Return the bytes of one character, 0xFF for those that are gone."""
    character = line[at]
    if character == "€":  # 0x80 in Windows' GBK
        return b"\x80"
    if character == "\ufffd" or (character == "?" and line[at - 1 : at] > "\x7f"):
        return GONE
    try:
        return character.encode(codec)
    except UnicodeEncodeError:
        return GONE


def _filled(again: Reread) -> str:
    """Return the text with those lost characters that the dictionary knows by what is left of their bytes."""
    parts = again.text.split(LOST)
    page = Page(again.text, is_traditional(again.text), cloaked=False)
    text = parts[0]
    for left, part in zip(again.left, parts[1:], strict=True):
        whole = left and len(part) >= WHOLE and LOST not in text[-WHOLE:]
        options = [_decoded(left + bytes((last,)), "utf-8") for last in range(0x80, 0xC0)] if whole else []
        best = likeliest(page, text[-CONTEXT:], options, part[:CONTEXT])
        text += (best if best and _is_certain(text[-CONTEXT:], best, part[:CONTEXT]) else LOST) + part
    return text


def _is_certain(before: str, character: str, behind: str) -> bool:
    """Return whether a character is a sign, or makes a word with its neighbours."""
    place, at = len(before), 0
    for word in words(to_simplified(before + character + behind)):
        at += len(word)
        if at > place:
            return len(word) > 1 or not character.isalnum()
    return False


def _worth(text: str) -> float:
    """Return the mean likelihood of a text's characters, as natural logarithm."""
    plain = to_simplified("".join(text.split()))
    return likelihood(plain) / max(1, len(plain))


def _chinese_worth(text: str) -> float:
    """Return the same of a text's Chinese alone, and nothing where it has hardly any."""
    sample = "".join(CHINESE.findall(text))[:SAMPLE]
    return _worth(sample) if len(sample) >= MIN_CHINESE else GIBBERISH


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None
