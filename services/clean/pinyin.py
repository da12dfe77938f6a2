"""Take out the pinyin that a cloaking tool set behind the characters, `醫(yī)學(xué)`.

A tone mark behind a traditional form that may be read so is proof enough: such brackets go wherever they
stand. All other forms (`烟(yan)台`, `有望(yǒuwàng)`) also stand in honest texts, for a rare name or a code;
they go only where the page shows the habit: common characters, many of them, most of their occurrences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.clean import readings
from services.clean.edits import Draft, Edit
from services.clean.script import traditional

LETTERS = readings.LETTERS
MAX_LETTERS = 48
BRACKET = re.compile(
    rf"[(（](?<=[㐀-鿿)）].)\s?([{LETTERS}](?:[ '’`·-]?[{LETTERS}]){{0,{MAX_LETTERS}}})\s?[)）]"
)
# An honest text explains a word or two; the tools mark dozens a page. Calibrated on pages of both kinds.
MIN_TONED = 3
MIN_TONELESS = 4
# A cloaked character is marked wherever it stands, but the spam that is added later bears no marks.
MARKED_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Mark:
    """A bracket that spells the characters before it."""

    start: int
    end: int
    word: str
    letters: str
    sure: bool

    @property
    def toned(self) -> bool:
        """Whether it bears a tone mark."""
        return readings.has_tone(self.letters)

    @property
    def common(self) -> bool:
        """Whether the last character is no rare one, whose reading an honest text might explain."""
        return is_common(self.word[-1])


def drop_pinyin(draft: Draft) -> None:
    """Remove the brackets that the page's cloaking tool added."""
    marks = list(_marks(draft.text))
    if marks:
        draft.apply("pinyin", [Edit(m.start, m.end, "") for m in _added(draft.text, marks)])


def is_common(character: str) -> bool:
    """Return whether a character is one of the 3755 of GB 2312's first level, or traditional."""
    try:
        return "\xb0" <= character.encode("gb2312").decode("latin-1")[0] <= "\xd7"
    except UnicodeEncodeError:
        return character in traditional()


def _marks(text: str) -> Iterator[Mark]:
    """Yield every bracket that spells what stands before it, the second of `(shì)(shì)` too."""
    last: Mark | None = None
    for match in BRACKET.finditer(text):
        letters = readings.normal(match[1])
        if last and last.end == match.start():
            if letters == last.letters:
                yield Mark(*match.span(), last.word, letters, sure=True)
            continue
        last = _mark(text, match, letters)
        if last:
            yield last


def _mark(text: str, match: re.Match[str], letters: str) -> Mark | None:
    before = text[max(0, match.start() - readings.MAX_WORD) : match.start()]
    length = readings.spelled(before, letters)
    if not length:
        return None
    word = before[-length:]
    doubled = text.startswith(match[0], match.end())
    sure = doubled or (length == 1 and word in traditional() and readings.has_tone(letters))
    return Mark(*match.span(), word, letters, sure)


def _added(text: str, marks: list[Mark]) -> Iterable[Mark]:
    """Return the marks that go: the sure ones, and of the others those that follow the page's habit."""
    sure = sum(mark.sure for mark in marks)
    others = [mark for mark in marks if not mark.sure and mark.common]
    toned = sure + sum(mark.toned for mark in others) >= MIN_TONED
    toneless = toned if sure else _habit_toneless(text, [mark for mark in others if not mark.toned])
    return [mark for mark in marks if mark.sure or (toned if mark.toned else toneless)]


def _habit_toneless(text: str, marks: list[Mark]) -> bool:
    marked = Counter(mark.word for mark in marks)
    if len(marked) < MIN_TONELESS:
        return False
    return marked.total() >= MARKED_SHARE * sum(text.count(word) for word in marked)
