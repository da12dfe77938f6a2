"""A page as it passes cleaning, extraction and the rules, with what each of them says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas.cleaned import CleanedArticle
from schemas.extracted import Event, ExtractedArticle
from schemas.raw import RawArticle
from services.alert.match import matching_rules
from services.alert.rules import RuleIndex
from services.clean.clean import clean
from services.cli.explain.marks import EVENTS, Mark, marks
from services.extract.events import read_events
from services.extract.extract import extract, find_mentions
from services.runtime.outcome import Rejected


class Fact(NamedTuple):
    """A fact with how often it stands in the text."""

    kind: str
    says: str
    made_by: str
    times: int


@dataclass(frozen=True)
class Explained:
    """An article, its marks, and the rules that it matches."""

    name: str
    article: ExtractedArticle
    marks: Sequence[Mark]
    rules: Sequence[str]

    @property
    def relevance(self) -> str:
        """How far it is news of the field, and why."""
        return f"{self.article.relevance}: {self.article.relevance_reason or 'no reason given'}"

    @property
    def alerts(self) -> str:
        """The rules that it matches."""
        return ", ".join(self.rules) or "no rule"

    @property
    def facts(self) -> list[Fact]:
        """The facts by kind, each once."""
        counts: dict[tuple[str, str, str], int] = {}
        for mark in self.marks:
            if mark.kind not in EVENTS:
                key = mark.kind, mark.says, mark.made_by
                counts[key] = counts.get(key, 0) + 1
        return sorted((Fact(*key, times) for key, times in counts.items()), key=lambda fact: fact.kind)

    @property
    def events(self) -> list[Mark]:
        """The events, those too that did not happen."""
        return [mark for mark in self.marks if mark.kind in EVENTS]

    def evidence(self, mark: Mark) -> str:
        """Return the words that a mark stands for."""
        return self.article.body[mark.start : mark.end]


def explain(name: str, raw: RawArticle, rules: RuleIndex) -> Explained | Rejected:
    """Return what became of a page, or why there is no article."""
    cleaned = clean(raw)
    if isinstance(cleaned, Rejected):
        return cleaned
    article = extract(cleaned)
    if isinstance(article, Rejected):
        return article
    return Explained(name, article, marks(article, _dismissed(cleaned)), matching_rules(article, rules))


def _dismissed(article: CleanedArticle) -> list[Event]:
    """Return what the text tells only to deny it, to end it or to rehearse it."""
    return read_events(article, find_mentions(article)).dismissed
