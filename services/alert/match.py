"""Which rules an article's events match, and under which key their reports meet. No state, no I/O."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from schemas import ids
from schemas.alert import Condition, EntityCondition, Evidence, Occurrence, Report, Rule
from schemas.extracted import EntityType, Event, ExtractedArticle
from services.alert.rules import RuleIndex

MAX_NAMES: Final = 200  # of an article, for subscriptions; a list of exhibitors has more
SEPARATORS: Final = re.compile(r"[\s\-‐-―_·・]+")


def match(article: ExtractedArticle, rules: RuleIndex) -> list[Occurrence]:
    """Return one occurrence for each pair of an event and a rule that it matches, in the article's order."""
    hits = [
        (event, rule)
        for event in article.events
        for rule in rules.by_type[event.type]
        if _holds(rule.when, event, article)
    ]
    if not hits:
        return []
    report, names = _report(article), _names(article)
    return [_occurrence(article, event, rule, report, names) for event, rule in hits]


def matching_rules(article: ExtractedArticle, rules: RuleIndex) -> list[str]:
    """Return the ids of the rules that any of the article's events matches, in the file's order."""
    return [
        rule.id
        for rule in rules.rules
        if any(
            rule in rules.by_type[event.type] and _holds(rule.when, event, article)
            for event in article.events
        )
    ]


def fold(name: str) -> str:
    """Return the form that all spellings of a name share: SKB-107, ＳＫＢ107 and skb 107 are one."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", name).casefold())


def _holds(when: Condition, event: Event, article: ExtractedArticle) -> bool:
    least = when.min_amount_cny.get(event.type)
    return (
        event.status in when.statuses
        and article.relevance in when.relevance
        and (least is None or (event.amount_cny is not None and event.amount_cny >= least))
        and (not when.entities or any(_names_entity(article, wanted) for wanted in when.entities))
        and (not when.keywords or _has_keyword(article, when.keywords))
    )


def _names_entity(article: ExtractedArticle, wanted: EntityCondition) -> bool:
    name = fold(wanted.name)
    return any(
        wanted.type in (None, entity.type) and any(fold(n) == name for n in (entity.name, *entity.aliases))
        for entity in article.entities
    )


def _has_keyword(article: ExtractedArticle, keywords: list[str]) -> bool:
    text = fold(f"{article.title or ''}\n{article.body}")
    return any(fold(keyword) in text for keyword in keywords)


def _occurrence(
    article: ExtractedArticle, event: Event, rule: Rule, report: Report, names: list[str]
) -> Occurrence:
    asset = _asset(event, article)
    return Occurrence(
        key=ids.occurrence_key(event.type, _identity(asset, article)),
        rule_id=rule.id,
        rule_title=rule.title,
        severity=rule.severity,
        event_id=event.id,
        event_type=event.type,
        status=event.status,
        date=event.date,
        asset=asset,
        participants=event.participants,
        amount_text=event.amount_text,
        amount_cny=event.amount_cny,
        evidence=Evidence(
            start=event.start,
            end=event.end,
            text=event.evidence,
            article_id=article.article_id,
            url=article.url,
        ),
        report=report,
        entities=names,
    )


def _asset(event: Event, article: ExtractedArticle) -> str:
    """Return what the event is about: what was read out, else who did it, else the article's own name."""
    actors = [p.name for p in event.participants if p.role == "actor"]
    others = [p.name for p in event.participants]
    orgs = [e.name for e in article.entities if e.type is EntityType.ORG]
    named = [event.asset, *actors, *others, *orgs, article.title]
    return next((name for name in named if name), article.url_id)


def _identity(asset: str, article: ExtractedArticle) -> str:
    """Return the id of the entity that bears that name, so that aliases meet; else the folded name."""
    name = fold(asset)
    for entity in article.entities:
        if any(fold(n) == name for n in (entity.name, *entity.aliases)):
            return entity.id
    return name


def _report(article: ExtractedArticle) -> Report:
    return Report(
        article_id=article.article_id,
        url_id=article.url_id,
        url=article.url,
        carrier=article.carrier,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        fetched_at=article.fetched_at,
        body_chars=sum(not character.isspace() for character in article.body),
        fingerprint=article.fingerprint,
    )


def _names(article: ExtractedArticle) -> list[str]:
    return sorted({n for e in article.entities for n in (e.name, *e.aliases)})[:MAX_NAMES]
