"""How far an article is nuclear-medicine news: core, adjacent, promotional or off topic, and why.

Counts of words (data/relevance.yaml) over title and body. Advertising is told by praise without news: many
words of praise or sale, and no event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import daachorse
import yaml

from schemas.cleaned import CleanedArticle
from schemas.extracted import EntityType, Event, EventStatus, Relevance
from services.extract.mentions import Mentions

LEFTMOST_LONGEST = 1
# Calibrated on pages of each kind; counts are of mentions.
MIN_PROMOTIONAL = 4  # words of praise that make an article without news an advertisement
MIN_CORE = 2  # one passing mention of a scanner is not yet the subject
STRONG_CORE = 6
MAX_DATES_OF_PRAISE = 1
LEAD = 120  # characters of the body that tell its subject, with the title


@cache
def _words() -> tuple[daachorse.CharwiseDoubleArrayAhoCorasick, tuple[str, ...]]:
    text = (files("services.extract") / "data" / "relevance.yaml").read_text(encoding="utf-8")
    groups: dict[str, list[str]] = yaml.safe_load(text)
    kinds = {str(word).lower(): kind for kind, words in groups.items() for word in words}
    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(kinds), LEFTMOST_LONGEST)
    return automaton, tuple(kinds.values())


def _count(text: str) -> Counter[str]:
    automaton, kinds = _words()
    return Counter(kinds[word] for _, _, word in automaton.find(text.lower()))


def judge_relevance(
    article: CleanedArticle, mentions: Mentions, events: Sequence[Event]
) -> tuple[Relevance, str]:
    """Return the relevance and the reason for it, in words for people."""
    counts = _count(f"{article.title or ''}\n{article.body}")
    lead = _count(f"{article.title or ''}\n{article.body[:LEAD]}")
    nuclides = sum(
        len(e.mentions) or 1 for e in mentions.entities if e.type in (EntityType.NUCLIDE, EntityType.DRUG)
    )
    if _is_praise(mentions, events, counts):
        return Relevance.PROMOTIONAL, f"{counts['promotional']} words of praise or sale, no event"
    core = counts["core"] + (nuclides if counts["core"] else 0)
    if counts["foreign"] > counts["core"] and counts["foreign"] >= counts["adjacent"]:
        return (
            Relevance.OFF_TOPIC,
            f"{counts['foreign']} words of another field, {counts['core']} of nuclear medicine",
        )
    if core >= MIN_CORE and not _is_beside(counts, lead, core):
        return Relevance.CORE, f"{core} mentions of nuclear medicine, nuclides and drugs"
    if counts["adjacent"] or counts["core"]:
        return (
            Relevance.ADJACENT,
            f"{counts['adjacent']} words of a neighbouring field, {counts['core']} of the core",
        )
    return Relevance.OFF_TOPIC, "no word of nuclear medicine or a neighbouring field"


def _is_beside(counts: Counter[str], lead: Counter[str], core: int) -> bool:
    """Return whether a neighbouring field is the subject and nuclear medicine comes up in passing."""
    return counts["adjacent"] > core or (lead["adjacent"] > lead["core"] and core < STRONG_CORE)


def _is_praise(mentions: Mentions, events: Sequence[Event], counts: Counter[str]) -> bool:
    news = [e for e in events if e.status is EventStatus.OCCURRED]
    dates = [d for d in mentions.dates if d.value]
    return counts["promotional"] >= MIN_PROMOTIONAL and not news and len(dates) <= MAX_DATES_OF_PRAISE
