"""The stage's function: read out of a cleaned article who did what, with which drug, site and money."""

from __future__ import annotations

from typing import Any, Final

from schemas.cleaned import CleanedArticle
from schemas.extracted import ExtractedArticle
from services.extract.chain import chain_position
from services.extract.claims import find_claims
from services.extract.dates import find_dates
from services.extract.events import find_events
from services.extract.lost import whole
from services.extract.mentions import Mentions
from services.extract.money import find_money
from services.extract.names import find_names
from services.extract.quantities import find_quantities
from services.extract.relevance import judge_relevance
from services.extract.words import segment
from services.runtime.outcome import Rejected

LONGEST_BODY: Final = 200_000  # characters; a news page has some 1,500, the longest reports 50,000


def extract(article: CleanedArticle) -> ExtractedArticle | Rejected:
    """Return the article with all that was read out of it, or why nothing can be.

    Every fact bears its evidence as code points into `article.body`. Unknown is null; nothing is guessed.
    """
    if not article.body.strip():
        return Rejected("empty_body")
    if len(article.body) > LONGEST_BODY:
        return Rejected("body_too_long", f"{len(article.body)} characters")
    mentions = find_mentions(article)
    events = find_events(article, mentions)
    relevance, reason = judge_relevance(article, mentions, events)
    return ExtractedArticle(
        **_carried(article),
        relevance=relevance,
        relevance_reason=reason,
        chain=chain_position(mentions, events),
        persons=list(mentions.persons),
        entities=list(mentions.entities),
        money=list(mentions.money),
        dates=list(mentions.dates),
        quantities=list(mentions.quantities),
        events=events,
        claims=find_claims(mentions),
    )


def _carried(article: CleanedArticle) -> dict[str, Any]:
    """Return what goes along: all of the article, but of the report the counts alone."""
    report = article.report.model_copy(update={"removed": [], "repaired": []})
    return {name: getattr(article, name) for name in CleanedArticle.model_fields} | {"report": report}


def find_mentions(article: CleanedArticle) -> Mentions:
    """Return what is named in the body: numbers and codes first, then names."""
    body = article.body
    money = find_money(body)
    dates = find_dates(body, article.published)
    quantities = whole(body, find_quantities(body, taken=[*money, *dates]))
    money, dates = whole(body, money), whole(body, dates)
    words = segment(body)
    persons, entities = find_names(body, words)
    return Mentions(
        body=body,
        published=article.published,
        words=words,
        entities=tuple(entities),
        persons=tuple(persons),
        money=tuple(money),
        dates=tuple(dates),
        quantities=tuple(quantities),
    )
