"""What cleaning made of the corpus, in figures.

All texts are compared after NFKC and without white space. Shares are 1 where nothing could be wrong.

    pages            pages of the corpus
    body.f1          mean character F1 of the body, over its bigrams, so that the order counts
    body.exact       share of the bodies that are right to the last character
    body.paragraphs  mean F1 of the paragraphs: lost, added, split and glued ones count against it
    body.kept        share of the must-keeps (a piece from every paragraph) that are in the body
    leaks            phrases of the page's furniture that are in a body
    title … column   share of the pages on which the field is right, null included
    published        the date to its last digit; `precision` how far it goes
    reporters, correspondents, captions     F1 over all pages
    language, script, digest                share
    rejected         share of the pages that hold no article and were refused for a right reason
    lost             articles that were refused
    invented         values in fields of which the page says nothing
    false_repairs    repairs on pages without noise that gave no reason for that kind
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from schemas.cleaned import CleanedArticle
from schemas.raw import RawArticle
from services.runtime.outcome import Rejected
from tests.cleaning.page import Golden, Page

Cleaner = Callable[[RawArticle], CleanedArticle | Rejected]
FIELDS = ("title", "published", "precision", "publisher", "source", "editor", "column")
LISTS = ("reporters", "correspondents", "captions")
TRAITS = ("language", "script", "digest")
COUNTS = ("leaks", "lost", "invented", "false_repairs")  # the fewer the better
KEEP_CHARS = 12
POINTERS = "▲△▼▽↑⬆"
# Repairs that ordinary text may ask for: how a page is written down, not what was done to it.
HARMLESS = {"white_space", "script", "entity", "markup"}


@dataclass
class Outcome:
    """One page, judged. `errors`: what is wrong, for people to read."""

    page: Page
    values: dict[str, float] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def judge(self, name: str, value: float, error: str = "") -> None:
        """Add a value from 0 to 1; below 1 it is an error."""
        self.values[name] = value
        if value < 1:
            self.errors.append(f"{name}: {error or round(value, 4)}")

    def count(self, name: str, what: Iterable[str]) -> None:
        """Count what should not be there."""
        for piece in what:
            self.counts[name] += 1
            self.errors.append(f"{name}: {piece}")


def judged(pages: Iterable[Page], cleaner: Cleaner) -> list[Outcome]:
    """Clean every page and judge what came out."""
    return [judge(page, cleaner(page.raw)) for page in pages]


def judge(page: Page, cleaned: CleanedArticle | Rejected) -> Outcome:
    """Return how right the outcome of a page is."""
    outcome, golden = Outcome(page), page.golden
    if golden.reasons:
        right = isinstance(cleaned, Rejected) and cleaned.reason in golden.reasons
        told = cleaned.reason if isinstance(cleaned, Rejected) else f"kept {cleaned.body[:60]!r}"
        outcome.judge("rejected", float(right), told)
    elif isinstance(cleaned, Rejected):
        outcome.count("lost", [cleaned.reason])
        for name in ("body.f1", "body.exact", "body.paragraphs", "body.kept", *FIELDS):
            outcome.values[name] = 0.0
    else:
        _judge_body(outcome, golden, cleaned)
        _judge_fields(outcome, golden, cleaned)
        _judge_lists(outcome, golden, cleaned)
        _judge_repairs(outcome, golden, cleaned)
    return outcome


def _judge_body(outcome: Outcome, golden: Golden, cleaned: CleanedArticle) -> None:
    right, found = [plain(line) for line in golden.body], [plain(line) for line in cleaned.body.split("\n")]
    whole, all_right = "".join(found), "".join(right)
    outcome.judge("body.f1", f1(_bigrams(all_right), _bigrams(whole)))
    outcome.judge("body.exact", float(whole == all_right), _difference(all_right, whole))
    outcome.judge("body.paragraphs", f1(Counter(right), Counter(found)))
    keeps = [line[len(line) // 2 - KEEP_CHARS // 2 :][:KEEP_CHARS] for line in right]
    gone = [keep for keep in keeps if keep not in whole]
    outcome.judge("body.kept", 1 - len(gone) / len(keeps), f"without {gone}")
    outcome.count("leaks", (phrase for phrase in golden.vanish if plain(phrase) in whole))


def _judge_fields(outcome: Outcome, golden: Golden, cleaned: CleanedArticle) -> None:
    found = {
        **{name: getattr(cleaned, name) for name in FIELDS if name != "precision"},
        "precision": cleaned.published_precision,
    }
    for name in FIELDS:
        right, got = getattr(golden, name), found[name]
        outcome.judge(name, float(plain(right) == plain(got)), f"{got!r}, right {right!r}")
        if name != "precision" and right is None and got is not None:
            outcome.count("invented", [f"{name} {got!r}"])
    for name in TRAITS:
        right, got = getattr(golden, name), getattr(cleaned, name)
        if right is not None:
            outcome.judge(name, float(right == got), f"{got!r}, right {right!r}")


def _judge_lists(outcome: Outcome, golden: Golden, cleaned: CleanedArticle) -> None:
    for name in LISTS:
        right, got = getattr(golden, name), getattr(cleaned, name)
        hits = f1(Counter(map(_bare, right)), Counter(map(_bare, got)))
        if right or got:
            outcome.judge(name, hits, f"{list(got)}, right {list(right)}")
        if name != "captions" and not right:
            outcome.count("invented", (f"{name} {value!r}" for value in got))


def _judge_repairs(outcome: Outcome, golden: Golden, cleaned: CleanedArticle) -> None:
    for kind, count in cleaned.report.repair_counts.items():
        if golden.repairs is not None and kind not in {*HARMLESS, *golden.repairs}:
            outcome.count("false_repairs", [kind] * count)


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the figures of these pages."""
    values: dict[str, list[float]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        counts.update(outcome.counts)
        for name, value in outcome.values.items():
            values[name].append(value)
    means = {name: round(fmean(found), 4) for name, found in values.items()}
    return {"pages": float(len(outcomes)), **means, **{name: float(counts[name]) for name in COUNTS}}


def by(outcomes: Sequence[Outcome], trait: str) -> dict[str, dict[str, float]]:
    """Return the figures by `template` or by `noise`."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[getattr(outcome.page, trait)].append(outcome)
    return {name: figures(groups[name]) for name in sorted(groups)}


def plain(text: str | None) -> str:
    """Return the text as it is compared."""
    return "".join(unicodedata.normalize("NFKC", text or "").split())


def f1(right: Counter[str], found: Counter[str]) -> float:
    """Return the harmonic mean of precision and recall; 1 where nothing is to be found, and nothing was."""
    total = right.total() + found.total()
    return 2 * (right & found).total() / total if total else 1.0


def _bare(text: str) -> str:
    """Return a name or a caption without the arrow that points at its picture."""
    return plain(text).lstrip(POINTERS)


def _bigrams(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def _difference(right: str, found: str) -> str:
    """Return where two texts part, with what stands there."""
    at = next((i for i, (a, b) in enumerate(zip(right, found, strict=False)) if a != b), None)
    at = min(len(right), len(found)) if at is None else at
    return f"at {at} {found[at : at + 40]!r}, right {right[at : at + 40]!r}"
