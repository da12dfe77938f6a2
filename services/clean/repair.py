"""Put a text back to what it was before it was cloaked, damaged or set in the other script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from schemas.cleaned import Repair


def _same(offset: int) -> int:
    return offset


@dataclass(frozen=True, slots=True)
class RepairedText:
    """The text, what was done to it, and where its characters came from.

    `repairs` holds at most `MAX_LISTED` of a kind, `counts` all. `damage_left` counts the damaged places that
    stay; a character that is lost for good is `damage.LOST`. `origin` maps an offset of `text` to the offset in
    the text given.
    """

    text: str
    repairs: list[Repair] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    damage_left: int = 0
    origin: Callable[[int], int] = _same


def repair(text: str) -> RepairedText:
    """Return `text` repaired: characters, pinyin, byte damage, script, in this order."""
    return RepairedText(text)
