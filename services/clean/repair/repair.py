"""Put a text back to what it was before it was cloaked, damaged or set in the other script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from schemas.cleaned import Repair
from services.clean.repair.characters import drop_invisible, drop_markup, mend_letters, unescape_references
from services.clean.repair.damage import undo_damage
from services.clean.repair.edits import Change, Draft
from services.clean.repair.mojibake import undo_mojibake
from services.clean.repair.pinyin import drop_pinyin
from services.clean.repair.script import simplify
from services.clean.repair.spacing import join_apart


def _same(offset: int) -> int:
    return offset


def _none() -> list[Change]:
    return []


@dataclass(frozen=True, slots=True)
class RepairedText:
    """The text, what was done to it, and where its characters came from.

    `repairs` lists the first of each kind (`edits.MAX_LISTED`), `counts` has all; `changes` returns every
    one, so that `edits.undo` gets the text given back. `damage_left` counts the damaged places that stay; the
    sign of a lost character stands where one is gone for good. `origin` maps an offset of `text` to the
    offset in the text given.
    """

    text: str
    repairs: list[Repair] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    damage_left: int = 0
    origin: Callable[[int], int] = _same
    changes: Callable[[], list[Change]] = _none

    @property
    def cloaked(self) -> bool:
        """Whether the page bore the marks of a cloaking tool."""
        return self.counts["pinyin"] > 0


def repair(text: str, *, reread: bool = False) -> RepairedText:
    """Return `text` repaired; `reread`: that its whole page was mojibake, for the counts.

    Byte damage can only be read while the characters are still those of the damaged page, so pinyin goes
    before it, and markup, whose signs it swallowed, and script after it.
    """
    draft = Draft(text)
    if reread:
        draft.counts["mojibake"] += 1
    undo_mojibake(draft)
    drop_invisible(draft)
    unescape_references(draft)
    mend_letters(draft)
    join_apart(draft)
    drop_pinyin(draft)
    cloaked = draft.counts["pinyin"] > 0
    undo_damage(draft, cloaked=cloaked)
    drop_markup(draft, cloaked=cloaked)
    if cloaked or "markup" in draft.counts:
        drop_pinyin(draft, cloaked=cloaked)  # what damage and markup had kept apart from its character
    simplify(draft)
    return RepairedText(
        draft.text, draft.repairs(), draft.counts, draft.damage_left, draft.origin, draft.changes
    )
