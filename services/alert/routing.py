"""Which topics an alert goes to."""

from __future__ import annotations

from collections.abc import Iterable

from schemas import topics
from schemas.alert import Alert, Severity, Subscription
from services.alert.match import fold

SEVERITIES = list(Severity)


def topics_of(alert: Alert, subscriptions: Iterable[Subscription]) -> list[str]:
    """Return the names, without prefix, of the topics that carry an alert."""
    wanted = [topics.subscription_topic(s.id).name for s in subscriptions if wants(s, alert)]
    return [topics.ALERT.name, *wanted]


def wants(subscription: Subscription, alert: Alert) -> bool:
    """Tell whether a subscription asks for an alert: all its parts must hold, of a list any member."""
    return (
        SEVERITIES.index(alert.severity) >= SEVERITIES.index(subscription.min_severity)
        and (not subscription.rules or alert.rule_id in subscription.rules)
        and (not subscription.entities or _names_any(alert, subscription.entities))
        and (not subscription.keywords or _has_any(alert, subscription.keywords))
    )


def _names_any(alert: Alert, wanted: list[str]) -> bool:
    names = {fold(name) for name in (alert.asset, *alert.entities, *(p.name for p in alert.participants))}
    return any(fold(name) in names for name in wanted)


def _has_any(alert: Alert, keywords: list[str]) -> bool:
    text = fold(f"{alert.title}\n{alert.evidence.text}\n{alert.asset}")
    return any(fold(keyword) in text for keyword in keywords)
