"""Choose among the characters that damaged bytes leave open: by jieba's dictionary and by the page itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.clean.repair.language import is_word, likelihood, words
from services.clean.repair.script import simple, to_simplified, to_traditional, traditional

CONTEXT = 6  # characters on either side that are looked at
SAMPLE = 20_000  # characters of a page that count as evidence
# Natural logarithms. A reading must be three times as likely as the next one. A single character that no word
# and no other place on the page speaks for must be far ahead.
MARGIN = 1.2
MARGIN_ALONE = 5.0
MARGIN_PAIR = 2.5
# What the unigrams do not know: no clause begins with a particle or one more sign, and a number likes some
# characters before it.
PARTICLES = frozenset("的了着著们們吗嗎呢吧得地之")
UNLIKELY = -4.0
BEFORE_NUMBERS = frozenset("在于於至为為达達约約近超过過共有第占逾每仅僅到自从從")
LIKELY = 3.5
# The page writes the same two or three characters elsewhere.
SEEN_TWO = 4.0
SEEN_THREE = 8.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page as evidence: its text, whether it is in the traditional script and whether it was cloaked."""

    text: str
    traditional: bool
    cloaked: bool

    def writes(self, character: str) -> bool:
        """Return whether the page would write this character in this form: its own script, or seen in it."""
        if character in traditional():
            return self.traditional or character in self.text
        other = to_traditional(character)
        return other == character or self.text.count(character) >= self.text.count(other) + self.traditional

    def seen(self, before: str, character: str, behind: str) -> float:
        """Return the credit for a character that stands between the same neighbours elsewhere on the page."""
        if len(behind) > 1 and behind[:2].isalpha() and character + behind[:2] in self.text:
            return SEEN_THREE
        behind_too = behind[:1].isalpha() and character + behind[:1] in self.text
        before_too = before[-1:].isalpha() and before[-1:] + character in self.text
        return SEEN_TWO * (behind_too + before_too)


def likeliest(
    page: Page, before: str, options: Iterable[str | None], behind: str, *, number: bool = False
) -> str | None:
    """Return the character that fits between its neighbours far better than all others, None where none does.

    `number`: a digit stood behind it.
    """
    before, behind = before[-CONTEXT:], behind[:CONTEXT]
    ends = to_simplified(before), to_simplified(behind)
    able = (option for option in options if option and page.writes(option))
    scored = sorted(
        (
            likelihood(f"{ends[0]}{simple(option)}{ends[1]}")
            + _credit(page, before, option, behind, number=number),
            option,
        )
        for option in able
    )
    if not scored:
        return None
    best = scored[-1][1]
    ahead = scored[-1][0] - scored[-2][0] if len(scored) > 1 else MARGIN_ALONE
    backed = page.seen(before, best, behind) or _is_backed(before, best, behind)
    return best if ahead >= (MARGIN if backed else MARGIN_ALONE) else None


def likeliest_pair(page: Page, firsts: Iterable[str | None], seconds: Iterable[str | None]) -> str | None:
    """Return the word of two characters that is far likelier than all others, on this page too."""
    first = [(c, simple(c)) for c in firsts if c and page.writes(c)]
    second = [(c, simple(c)) for c in seconds if c and page.writes(c)]
    pairs = [(a + c, b + d) for a, b in first for c, d in second if is_word(b + d)]
    scored = sorted((likelihood(plain) + SEEN_TWO * (pair in page.text), pair) for pair, plain in pairs)
    if not scored or (len(scored) > 1 and scored[-1][0] - scored[-2][0] < MARGIN_PAIR):
        return None
    return scored[-1][1]


def _credit(page: Page, before: str, character: str, behind: str, *, number: bool) -> float:
    """Return what speaks for a character beside its likelihood."""
    score = page.seen(before, character, behind)
    if not before[-1:].isalnum() and (character in PARTICLES or not character.isalnum()):
        score += UNLIKELY
    return score + LIKELY * (number and character in BEFORE_NUMBERS)


def _is_backed(before: str, character: str, behind: str) -> bool:
    """Return whether a word holds the character, or a whole word follows it or its sign."""
    place, at = len(before), 0
    pieces = words(to_simplified(before + character + behind))
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=True):
        at += len(piece)
        if at > place:
            return len(piece) > 1 or len(following) > 1 or not behind or not character.isalnum()
    return False
