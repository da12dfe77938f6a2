"""Take out the readings that a cloaking tool set beside the characters, `醫(yī)學(xué)`.

Honest texts spell characters too: a rare name, a code, a dictionary's headword, a lesson's new words. What
tells a tool is its habit: it marks common characters with their usual readings, in the midst of sentences,
many of them, and all or most of a character's occurrences. So a page is judged as a whole. The marks may
stand in any brackets or none, before the character or behind it, once or twice, in pinyin with tone marks,
with numbers or without, in zhuyin, in letters that only look like Latin ones, and on a line of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from services.clean.repair import readings
from services.clean.repair.characters import ABOUT_MARKUP
from services.clean.repair.edits import Draft, Edit
from services.clean.repair.script import simple, traditional

OPEN = "(（[［{｛<＜〔【「『〈《﹙"
CLOSE = ")）]］}｝>＞〕】」』〉》﹚"
_L, _T = readings.LETTERS, readings.TONE_SIGNS
_LOWER = _L.replace("A-Z", "").replace("Ａ-Ｚ", "")
MAX_LETTERS = 48
_SPELLING = rf"[{_L}{readings.ZHUYIN_TONES}](?:[ '’`·-]?[{_L}{_T}]){{0,{MAX_LETTERS}}}"
AROUND = '/|*~"'  # signs that may stand on both sides
_O, _C = re.escape(OPEN + AROUND), re.escape(CLOSE + AROUND)
BRACKET = re.compile(
    rf"[{_O}](?P<two>[{_O}])?\s{{0,2}}(?P<spelling>{_SPELLING})[.:,]?\s{{0,2}}[{_C}](?(two)[{_C}])"
)
BLANKS = " \u3000\n"  # of which two may stand between a character and its bracket
BARE = re.compile(
    rf"(?P<spelling>[{_LOWER}](?:(?<=[㐀-鿿].)|(?<=[㐀-鿿] .))[{_LOWER}]{{0,7}}"
    rf"(?:[{readings.ZHUYIN_TONES}]|[1-5](?![{_L}0-9])|(?![{_L}]))) ?"
)
TWIN = re.compile(rf"[{re.escape(OPEN)}](?P<spelling>[㐀-鿿])[{re.escape(CLOSE)}]")
RUBY = re.compile(r"</?(?:ruby|rb|rtc?)\b[^<>\n]{0,80}>|<rp>[^<>\n]{0,3}</rp>", re.IGNORECASE)
# What speaks for a tool, by kind of mark; all together must reach ENOUGH. Calibrated on cloaked pages and on
# 18 million characters of ordinary text, dictionaries and lessons among it.
TRADITIONAL, TONED, TONELESS_WORD = 2.0, 1.0, 0.5
ENOUGH = 4.0
# A cloaked character is marked wherever it stands, but the spam that is added later bears no marks.
MARKED_SHARE = 0.6
# From so many marks on, a page is cloaked through and through: characters that are not so common are, too.
MANY = 20
# A lesson that spells every single character of its sentences is short. Of the marks of a tool, half and more
# stand behind a character that bears none.
LESSON_GAPS = 0.2
LESSON_MARKS = 100


class Mark(NamedTuple):
    """Letters at `text[start:end]` that spell `word`, which stands right before or behind them."""

    start: int
    end: int
    word: str
    letters: str
    before: str  # what stands before the word, one character or none
    named: bool = False  # a word of several characters that is spelled with a capital
    again: bool = False  # the same bracket a second time, which nobody means

    @property
    def toned(self) -> bool:
        """Whether it can be nothing but a reading: with a tone mark, or a particle's in the neutral tone."""
        return readings.has_tone(self.letters) or self.letters in readings.toned(self.word)

    @property
    def within(self) -> bool:
        """Whether the word goes on from Chinese or another mark: items of a list and headwords do not."""
        return "㐀" <= self.before <= "鿿" or (self.before != "" and self.before in CLOSE)


def drop_pinyin(draft: Draft, *, cloaked: bool = False) -> None:
    """Remove the marks that the page's cloaking tool added; `cloaked`: that it did is known."""
    ruby = list(RUBY.finditer(draft.text)) if "<" in draft.signs else []
    if ruby and not ABOUT_MARKUP.search(draft.text):
        draft.apply("markup", [Edit(*match.span(), "") for match in ruby])
    if not draft.signs.isdisjoint(OPEN + AROUND):
        _drop(draft, _bracketed(draft.text), cloaked=cloaked)
        _drop(draft, list(_twins(draft.text)), cloaked=False)
    _drop(draft, [mark for mark in _bare(draft.text) if mark.toned or not cloaked], cloaked=cloaked)


def _drop(draft: Draft, found: list[Mark], *, cloaked: bool) -> None:
    if found and (cloaked or _is_cloaked(draft.text, found)):
        many = cloaked or len(found) >= MANY
        draft.apply("pinyin", [Edit(m.start, m.end, "") for m in found if _is_added(m, many=many)])


@lru_cache(readings.FORMS)
def is_common(character: str) -> bool:
    """Return whether a character is one of the 3755 of GB 2312's first level, in either script."""
    return "\xb0" <= _gb2312(simple(character)) <= "\xd7"


@lru_cache(readings.FORMS)
def _gb2312(character: str) -> str:
    """Return the first byte of a character in GB 2312, nothing where it has none."""
    return character.encode("gb2312", "ignore").decode("latin-1")[:1]


def _bracketed(text: str) -> list[Mark]:
    """Return the brackets that spell what stands before them, or behind them if that is the page's way."""
    found = list(BRACKET.finditer(text))
    behind = list(_behind(text, found))
    before = [] if len(behind) * 2 > len(found) else list(_before(text, found))
    return before if len(before) > len(behind) else behind


def _behind(text: str, found: list[re.Match[str]]) -> Iterator[Mark]:
    """Yield the brackets that spell the characters before them, the second of `(shì)(shì)` too."""
    last: Mark | None = None
    for match in found:
        start, end = match.span()
        letters = readings.normal(match["spelling"])
        if last and last.end == start:
            if letters == last.letters:
                last = last._replace(start=start, end=end, again=True)
                yield last
            continue
        blanks = len(gap) - len(gap.rstrip(BLANKS)) if (gap := text[max(0, start - 2) : start]) else 0
        last = _mark(text, match, letters, start - blanks)
        if last:
            if "\n" in text[start - blanks : start] and text[end : end + 1] == "\n":
                last = last._replace(end=end + 1)
            yield last


def _mark(text: str, match: re.Match[str], letters: str, start: int) -> Mark | None:
    """Return the mark whose word ends at `start`."""
    word = text[start - 1 : start]
    if not readings.reads(word, letters):
        word = _spelled(text[max(0, start - readings.MAX_WORD) : start], letters)
        if not word:
            return None
    place = start - len(word)
    end = match.end()
    return Mark(
        start,
        end,
        word,
        letters,
        text[max(0, place - 1) : place],
        len(word) > 1 and match["spelling"][0].isupper(),
    )


def _before(text: str, found: list[re.Match[str]]) -> Iterator[Mark]:
    """Yield the brackets that spell the one character behind them."""
    for match in found:
        start, end = match.span()
        word, letters = text[end : end + 1], readings.normal(match["spelling"])
        if readings.reads(word, letters):
            yield Mark(start, end, word, letters, text[max(0, start - 1) : start])


def _bare(text: str) -> Iterator[Mark]:
    """Yield letters and zhuyin that stand behind their character without brackets."""
    for match in BARE.finditer(text):
        letters, blank = readings.normal(match["spelling"]), text[match.start() - 1] == " "
        mark = _mark(text, match, letters, match.start() - blank)
        # In `wei4800` the tone's number is part of another one: better to leave it than to make one up.
        if mark and (readings.has_tone(letters) or not text[match.end() : match.end() + 1].isdigit()):
            yield mark


def _twins(text: str) -> Iterator[Mark]:
    """Yield characters in brackets behind the same in the other script, `醫(医)`."""
    for match in TWIN.finditer(text):
        start, end = match.span()
        word, twin = text[max(0, start - 1) : start], match["spelling"]
        if word != twin and simple(word) == simple(twin):
            yield Mark(start, end, word, twin, text[max(0, start - 2) : start - 1])


def _spelled(before: str, letters: str) -> str:
    length = readings.spelled(before, letters)
    return before[-length:] if length else ""


def _is_cloaked(text: str, marks: list[Mark]) -> bool:
    """Return whether the marks show the habit of a tool."""
    marked = Counter(mark.word for mark in marks if mark.within)
    seen = {mark.word: mark for mark in marks if mark.within and not mark.named}
    weights = {word: _weight(mark) for word, mark in seen.items()}
    telling = [word for word, weight in weights.items() if weight]
    if sum(weights.values()) < ENOUGH or _is_lesson([mark for mark in marks if weights.get(mark.word)]):
        return False
    if any(mark.again for mark in marks):
        return True
    return sum(marked[word] for word in telling) >= MARKED_SHARE * sum(text.count(word) for word in telling)


def _weight(mark: Mark) -> float:
    """Return what a mark says for a tool: nothing where an honest text might explain the word."""
    if not all(map(is_common, mark.word)):
        return 0
    if "㐀" <= mark.letters <= "鿿":
        return TONED
    toned = readings.has_tone(mark.letters)
    if not readings.is_usual(mark.word, mark.letters):
        return 0
    if len(mark.word) > 1:
        return TONED if toned else TONELESS_WORD
    return TRADITIONAL if toned and mark.word in traditional() else TONED


def _is_lesson(marks: list[Mark]) -> bool:
    """Return whether the text is short and spells all that it spells without a gap, as in a poem."""
    gaps = sum(mark.within and mark.before not in CLOSE for mark in marks)
    return len(marks) < LESSON_MARKS and gaps < LESSON_GAPS * len(marks)


def _is_added(mark: Mark, *, many: bool) -> bool:
    """Return whether a mark of a cloaked page goes: rare names keep theirs, and so do names with capitals."""
    if len(mark.word) == 1:
        return _may_be_marked(mark.word, many)
    return not mark.named and all(_may_be_marked(character, many) for character in mark.word)


@cache
def _may_be_marked(character: str, many: bool) -> bool:
    return is_common(character) or character in traditional() or (many and bool(_gb2312(character)))
