"""Undo the byte damage of cloaking tools.

Such a tool replaces byte pairs of a GBK text without regard to where characters begin. Where a pair
straddles two characters, one byte turns into `?` and what follows is read one byte out of step, until an
ASCII byte puts it right; if that byte cannot follow, it and the last lead byte become one more `?`:

    疾病：<br/>   BCB2 B2A1 A3BA 3C       ? for B2, A1A3 = 。, ? for BA3C   疾?。?br/>
    特異度為9     CCD8 AE90 B6C8 9EE9 39  D8AE = 禺, … ? for E939           ?禺惗葹?
    請在30日      D588 D4DA 33            88D4 = 堅: its pinyin in between  請(qǐng)?jiān)?0日

So the run behind a `?` is encoded again, the lost byte is put before it, and the bytes are decoded in step.
What the lost byte was, jieba's dictionary says: a reading must be far likelier than the next one and than the
text as it stands. A character that stays unknown and a digit that was swallowed become `LOST`: never a guess,
unless the same words stand whole elsewhere on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from schemas.cleaned import LOST_CHARACTER as LOST
from services.clean.repair import readings
from services.clean.repair.candidates import CONTEXT, SAMPLE, Page, likeliest, likeliest_pair
from services.clean.repair.edits import Draft, Edit
from services.clean.repair.language import likelihood
from services.clean.repair.script import is_traditional, to_simplified

MAX_RUN = 200
MIN_COPY = 12  # characters around a lost one that make a sentence the same
MAX_COPIES = 100  # lost characters of a page that are looked for elsewhere on it
SAMPLE_RUN = 24  # characters of a run that show whether it is Chinese
MAX_LOOKS = 200  # question marks of a page that are looked at closely; damaged pages have a dozen
# Natural logarithm: the text in step must be 400 times as likely as the text out of step (true damage gains
# 15 and more on this scale, honest questions lose).
GAIN = 6.0
PER_CHARACTER = -6.0  # what a character of prose is worth, for one that is missing
# A run whose characters are on average rarer than this is no Chinese. Prose has -4 to -6.
GIBBERISH = -10.0
HAN_ONLY = re.compile("[㐀-鿿]+")
TWO_MARKS = re.compile("(?<=[㐀-鿿])[?\ufffd]{2}")
# Characters in step that speak for themselves, on any page and on one that bears a cloaking tool's marks.
MIN_LONG = 3
MIN_LONG_CLOAKED = 2
LEADS = range(0x81, 0xFF)
TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))
MARK = "[?\ufffd]"
RUN = re.compile(rf"{MARK}([^\x00-\x7f\ufffd]{{0,{MAX_RUN}}})([@-~]|{MARK})")
PINYIN_BETWEEN = re.compile(
    rf"{MARK}\s?([{readings.LETTERS}]{{1,8}})\s?\)([^\x00-\x7f\ufffd]{{0,{MAX_RUN}}})([@-~]|{MARK})"
)
PINYIN_BEHIND = re.compile(rf"\s?([{readings.LETTERS}]{{1,8}})\s?\)")
TAG_BEHIND = re.compile(r"/?(?:br|p|div|td|span|strong|b)\s?/?>", re.IGNORECASE)
NUMBER_BEHIND = re.compile("[个個座家人名项項年月日号號亿億万萬元％%.例台臺种種枚张張次米倍多余餘]")
HEADING_CHARS = 24  # a line that ends in a sign before a break and is no longer is a subheading: `病：<br/>`


# What programs show in place of text that is gone: U+FFFD in UTF-8 read as GBK, and memory that was never
# written to. In quotes, it is what the text speaks of.
DESTROYED_SIGNS = ("锟斤拷锟斤拷", "烫" * 6, "屯" * 6)
DESTROYED = re.compile(
    '(?<![“"‘「『《（(锟斤拷烫屯])(?:(?:锟斤拷){2,}+锟?|烫{6,}+|屯{6,}+)(?![”"’」』》）)])'
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What stood at `text[start:end]`: its characters, of which `lost` stay unknown."""

    start: int
    end: int
    text: str
    lost: int


def undo_damage(draft: Draft, *, cloaked: bool) -> None:
    """Restore the damaged runs of the draft; mark and count what is lost."""
    if any(sign in draft.text for sign in DESTROYED_SIGNS):
        gone = [Edit(*match.span(), LOST) for match in DESTROYED.finditer(draft.text)]
        draft.apply("destroyed", gone)
        draft.damage_left += len(gone)
    if draft.signs.isdisjoint("?\ufffd"):
        return
    found = list(_readings(draft, cloaked=cloaked))
    draft.apply("byte_damage", [Edit(reading.start, reading.end, reading.text) for reading in found])
    draft.damage_left += sum(reading.lost for reading in found)
    if draft.damage_left and LOST in draft.text:
        _fill_from_copies(draft)


def _readings(draft: Draft, *, cloaked: bool) -> Iterator[Reading]:
    text, at = draft.text, 0
    page = Page(text[:SAMPLE], is_traditional(text), cloaked)
    marks = (mark.start() for mark in re.finditer(MARK, text) if _is_suspect(page, text, mark.start()))
    for start in islice(marks, MAX_LOOKS):
        if start < at:
            continue
        reading = _with_pinyin_between(page, text, start) or _out_of_step(page, text, start)
        if cloaked and not reading:
            reading = _both_lost(text, start)
        if reading:
            at = reading.end
            yield reading
        elif _is_gibberish(text, start, cloaked=cloaked):
            draft.damage_left += 1


def _is_suspect(page: Page, text: str, start: int) -> bool:
    """Return whether there may be damage behind a mark: a look that spares honest pages the close one."""
    if page.cloaked or PINYIN_BETWEEN.match(text, start):
        return True
    match = RUN.match(text, start)
    if not match or not (len(match[1]) >= MIN_LONG or TAG_BEHIND.match(text, match.end())):
        return False
    return match.end() - start <= CONTEXT or _is_gibberish(text, start, cloaked=False)


def _out_of_step(page: Page, text: str, start: int) -> Reading | None:
    """Read a run whose first byte is lost."""
    match = RUN.match(text, start)
    data = _encoded(match[1] + match[2].strip("?\ufffd")) if match else b""
    inner = _decoded(data[1 : len(data) - (len(data) + 1) % 2]) if data else None
    if not match or inner is None:
        return None
    last = None if len(data) % 2 else data[-1]
    before, behind = _line_before(text, start), text[match.end() : match.end() + CONTEXT]
    firsts = [_decoded(bytes((lead, data[0]))) for lead in LEADS]
    if last is not None and not inner and (pair := _pair(page, text, match, firsts, last)):
        return pair
    first = likeliest(page, before, firsts, inner + ("" if last else behind))
    whole = (first or LOST) + inner
    missing = (first is None) + (last is not None)
    better = _is_better(before, match[0], whole, behind, missing)
    if not better or not _is_sure(page, text, match, first, inner):
        return None
    return _ended(page, text, Reading(start, match.end(), whole, whole.count(LOST)), last)


def _is_sure(page: Page, text: str, match: re.Match[str], first: str | None, inner: str) -> bool:
    """Return whether so much stands there that it can be no honest question mark."""
    if TAG_BEHIND.match(text, match.end()):
        return True
    if len(inner) >= (MIN_LONG_CLOAKED if page.cloaked else MIN_LONG):
        return True
    return page.cloaked and first is not None and text[match.end() : match.end() + 1].isalpha()


def _pair(page: Page, text: str, match: re.Match[str], firsts: list[str | None], lead: int) -> Reading | None:
    """Read `?缃?個`, 如今4個: a word of two characters that lost its first and last byte, and a digit."""
    if not page.cloaked or TAG_BEHIND.match(text, match.end()) or PINYIN_BEHIND.match(text, match.end()):
        return None
    word = likeliest_pair(page, firsts, [_decoded(bytes((lead, trail))) for trail in TRAILS])
    return Reading(match.start(), match.end(), word + LOST, 1) if word else None


def _with_pinyin_between(page: Page, text: str, start: int) -> Reading | None:
    """Read `請?jiān)?0日`: the pinyin belongs to the trail byte before it and the lost lead byte behind."""
    match = PINYIN_BETWEEN.match(text, start)
    trail = _encoded(text[start - 1 : start])[1:] if match and start else b""
    if not match or not trail:
        return None
    straddling = (_encoded(character) for character in _read_as(match[1]))
    leads = {code[1:] for code in straddling if code[:1] == trail}
    rest = _encoded(match[2] + match[3].strip("?\ufffd"))
    if len(leads) != 1:
        return None
    data = leads.pop() + rest
    inner = _decoded(data[: len(data) // 2 * 2])
    if inner is None:
        return None
    return _ended(page, text, Reading(start, match.end(), inner, 0), data[-1] if len(data) % 2 else None)


def _both_lost(text: str, start: int) -> Reading | None:
    """Read `反應堆??座`: a character and the digit behind it, both gone."""
    match = TWO_MARKS.match(text, start)
    if not match or not NUMBER_BEHIND.match(text, match.end()):
        return None
    return Reading(start, match.end(), LOST * 2, 2)


def _ended(page: Page, text: str, reading: Reading, lead: int | None) -> Reading:
    """Add the character whose trail byte the closing mark swallowed, with an ASCII character."""
    if lead is None:
        return reading
    before = _line_before(text, reading.start) + reading.text
    options = [c for trail in TRAILS if (c := _decoded(bytes((lead, trail))))]
    end, swallowed, behind = reading.end, LOST, ""
    if pinyin := PINYIN_BEHIND.match(text, end):
        end, swallowed = pinyin.end(), ""
        options = [c for c in options if c in _read_as(pinyin[1])]
        behind = text[end : end + CONTEXT]
    elif TAG_BEHIND.match(text, end):
        swallowed = "<"
        if "：" in options and len(_line_before(text, end, HEADING_CHARS)) < HEADING_CHARS:
            options = ["："]
    last = (likeliest(page, before, options, behind, number=swallowed == LOST) or LOST) + swallowed
    return Reading(reading.start, end, reading.text + last, reading.lost + last.count(LOST))


def _is_better(before: str, damaged: str, whole: str, behind: str, missing: int) -> bool:
    """Return whether the text in step is so much likelier that it must be what stood there."""
    context = before[-CONTEXT:]
    in_step = likelihood(to_simplified(context + whole.strip(LOST) + behind)) + missing * PER_CHARACTER
    return in_step - likelihood(to_simplified(context + damaged + behind)) >= GAIN


def _is_gibberish(text: str, start: int, *, cloaked: bool) -> bool:
    """Return whether what follows is no Chinese; on honest pages other signs and scripts may follow."""
    match = RUN.match(text, start)
    run = to_simplified(match[1][:SAMPLE_RUN]) if match else ""
    if not cloaked and not HAN_ONLY.fullmatch(run):
        return False
    return len(run) > 1 and likelihood(run) < GIBBERISH * len(run)


def _fill_from_copies(draft: Draft) -> None:
    """Put in lost characters where the same words stand whole elsewhere on the page."""
    edits, page = [], draft.text[:SAMPLE]
    gaps = re.finditer(f"([^\n{LOST}]{{4,12}}){LOST}([^\n{LOST}]{{4,12}})", page)
    for match in islice(gaps, MAX_COPIES):
        if len(match[1] + match[2]) < MIN_COPY:
            continue
        copies = set(re.findall(f"{re.escape(match[1])}([^\n{LOST}]){re.escape(match[2])}", page))
        if len(copies) == 1:
            edits.append(Edit(match.end(1), match.end(1) + 1, copies.pop()))
    draft.apply("copied_character", edits)
    draft.damage_left -= len(edits)


def _line_before(text: str, start: int, size: int = CONTEXT) -> str:
    return text[max(0, start - size) : start].rpartition("\n")[2]


def _read_as(letters: str) -> str:
    return readings.by_reading().get(readings.normal(letters), "")


def _encoded(text: str) -> bytes:
    try:
        return text.encode("gbk")
    except UnicodeEncodeError:
        return b""


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode("gbk")
    except UnicodeDecodeError:
        return None
