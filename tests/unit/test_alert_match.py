"""Which rules an article meets, and what the hit carries."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.extracted import Entity, EntityType, EventStatus, EventType, Participant, Relevance
from services.alert.match import fold, match, matching_rules
from services.alert.rules import load_rules, parse_rules
from tests.unit.alert_samples import article, event

RULES = load_rules()


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (EventType.AGREEMENT_SIGNED, ["agreement-signed"]),
        (EventType.FACILITY_OPENED, ["facility-milestone"]),
        (EventType.CONSTRUCTION_MILESTONE, ["facility-milestone"]),
        (EventType.TRIAL_MILESTONE, ["clinical-milestone"]),
        (EventType.APPROVAL_GRANTED, ["approval"]),
        (EventType.FUND_ESTABLISHED, ["funding"]),
        (EventType.SAFETY_INCIDENT, ["safety"]),
        (EventType.VISIT, []),
    ],
)
def test_default_rules_by_event_type(kind: EventType, rule: list[str]) -> None:
    assert matching_rules(article(events=[event(kind)]), RULES) == rule


@pytest.mark.parametrize(
    ("amount", "hits"), [(None, 0), (99_999_999.0, 0), (100_000_000.0, 1), (500_000_000.0, 1)]
)
def test_an_investment_counts_from_a_hundred_million_yuan(amount: float | None, hits: int) -> None:
    page = article(events=[event(EventType.INVESTMENT, amount_cny=amount)])
    assert len(match(page, RULES)) == hits


@pytest.mark.parametrize("status", [s for s in EventStatus if s is not EventStatus.OCCURRED])
def test_what_has_not_occurred_raises_nothing(status: EventStatus) -> None:
    assert match(article(events=[event(status=status)]), RULES) == []


@pytest.mark.parametrize("relevance", [Relevance.PROMOTIONAL, Relevance.OFF_TOPIC])
def test_pages_that_are_no_news_of_the_field_raise_nothing(relevance: Relevance) -> None:
    assert match(article(relevance=relevance), RULES) == []


def test_a_hit_carries_event_report_and_evidence() -> None:
    page = article()
    (hit,) = match(page, RULES)
    assert (hit.rule_id, hit.event_id, hit.date) == ("agreement-signed", page.events[0].id, "2025-08-22")
    assert hit.evidence.article_id == page.article_id
    assert page.body[hit.evidence.start : hit.evidence.end] == hit.evidence.text
    assert hit.report.url_id == page.url_id
    assert hit.report.fingerprint == page.fingerprint


def test_spellings_and_aliases_of_an_asset_share_a_key() -> None:
    def drug(name: str, *aliases: str) -> Entity:
        return Entity(start=0, end=3, id="drug:x-1", type=EntityType.DRUG, name=name, aliases=list(aliases))

    kind = EventType.TRIAL_MILESTONE
    plain = article(events=[event(kind, asset="XKB-107")])
    spaced = article(events=[event(kind, asset="ＸＫＢ 107")])
    assert match(plain, RULES)[0].key == match(spaced, RULES)[0].key
    named = article(events=[event(kind, asset="XKB-107")], entities=[drug("XKB-107")])
    alias = article(events=[event(kind, asset="QTM-001")], entities=[drug("XKB107", "QTM-001")])
    assert match(named, RULES)[0].key == match(alias, RULES)[0].key
    other = article(events=[event(kind, asset="XKB-108")])
    assert match(other, RULES)[0].key != match(plain, RULES)[0].key


def test_without_an_asset_the_actor_stands_in_then_anyone_then_the_title() -> None:
    who = Participant(start=0, end=2, name="某甲", role="counterparty")
    actor = Participant(start=0, end=2, name="某乙", role="actor")
    assert match(article(events=[event(asset=None, participants=[who, actor])]), RULES)[0].asset == "某乙"
    assert match(article(events=[event(asset=None, participants=[who])]), RULES)[0].asset == "某甲"
    page = article(events=[event(asset=None, participants=[])])
    assert match(page, RULES)[0].asset == page.title


def test_rules_on_entities_and_keywords() -> None:
    text = """\
rules:
  - {id: named, title: N, when: {entities: [{type: nuclide, name: 镥-177}, {name: 假想医院}]}}
  - {id: worded, title: W, when: {keywords: [战略 合作, 别的]}}
"""
    rules = parse_rules(text, Path("rules.yaml"))
    lutetium = Entity(start=0, end=3, id="n", type=EntityType.NUCLIDE, name="177Lu", aliases=["镥177"])
    assert matching_rules(article(entities=[lutetium]), rules) == ["named", "worded"]
    wrong_type = lutetium.model_copy(update={"type": EntityType.DRUG})
    assert matching_rules(article(entities=[wrong_type], title=None, body="无"), rules) == []


def test_fold_is_blind_to_width_case_hyphens_and_spaces() -> None:
    assert {fold(name) for name in ("SKX-9", "skx 9", "ＳＫＸ9", "SKX‑9")} == {"skx9"}
