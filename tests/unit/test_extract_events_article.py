"""Whole articles: repeats merged, dates, amounts, assets, relevance, claims and place in the chain."""

from __future__ import annotations

import pytest

from schemas.extracted import EntityType, Event, Relevance
from services.extract import extract as stage
from services.extract.claims import find_claims
from services.extract.clauses import split
from services.extract.event_date import Position, bounds, position
from services.extract.events import MAX_TELLINGS, read_events
from services.extract.mentions import Mentions
from services.extract.relevance import judge_relevance
from services.runtime.outcome import Rejected
from tests.unit.test_extract_events import article, read, told

STORY = """启岭新闻网9月10日电（记者 苏砚）9月9日，启岭市人民政府与望川核药集团有限公司签署协议，共建核药谷。
根据协议，项目总投资22亿元，拟于今年11月动工，2027年底建成投产。
早在2021年，望川核药集团有限公司就与启岭大学签署了产学研合作协议。签约仪式结束后，双方考察了用地。
针对网传“核药谷已经开工”的说法，启岭市有关负责人予以否认。"""


def events(body: str) -> list[Event]:
    extracted = stage.extract(article(body))
    assert not isinstance(extracted, Rejected)
    return extracted.events


def test_a_story_keeps_fact_plan_and_history_apart() -> None:
    found = [(e.type.value, e.status.value, e.date) for e in events(STORY) if e.type != "visit"]
    assert found == [
        ("agreement_signed", "occurred", "2025-09-09"),
        ("construction_milestone", "planned", "2025-11"),
        ("facility_opened", "planned", "2027-12"),
        ("agreement_signed", "retrospective", "2021"),
    ]


def test_evidence_is_the_body_at_its_span() -> None:
    assert all(STORY[e.start : e.end] == e.evidence for e in events(STORY))


def test_ids_are_the_same_on_every_run() -> None:
    assert [e.id for e in events(STORY)] == [e.id for e in events(STORY)]


def test_one_event_told_twice_is_one() -> None:
    body = "9月8日，雁州核医学诊疗中心正式启用。\n市领导出席仪式并为中心揭牌。"
    assert told(read(body).events) == {"facility_opened occurred"}
    assert len(read(body).events) == 1


def test_several_events_of_one_sentence_are_all_told() -> None:
    body = "9月5日，云泊核药与澄江医药签署供货合同；同日，公司完成2亿元B轮融资。"
    assert told(read(body).events) == {"agreement_signed occurred", "investment occurred"}


def test_the_amount_is_that_of_the_event() -> None:
    body = "云泊核药9月9日完成3.5亿元C轮融资；公司去年收入1.2亿元。"
    [event] = [e for e in read(body).events if e.type == "investment"]
    assert event.amount_cny == pytest.approx(350_000_000)


def test_no_date_is_taken_from_the_dateline() -> None:
    [event] = read("启岭新闻网9月10日电 云泊核药近日与启岭大学签署合作协议。").events
    assert event.date is None


def test_the_asset_is_the_drug_and_not_the_hospital() -> None:
    body = "9月8日，YB-201注射液II期临床试验在启岭大学附属医院完成首例患者给药。"
    [event] = events(body)
    assert event.asset is not None
    assert "YB-201" in event.asset


def test_an_answer_is_read_and_its_question_is_not() -> None:
    body = "问：基金设立了吗？签约了没有？答：云泊核药产业基金已于8月25日完成工商登记。"
    assert told(read(body).events) == {"fund_established occurred"}


def test_an_incident_is_not_laid_at_the_door_of_a_firm_named_elsewhere() -> None:
    body = "云泊核药公司完成A轮融资。\n9月7日，一家造纸厂的钴-60放射源脱落。"
    [event] = [e for e in events(body) if e.type == "safety_incident"]
    assert not [p.name for p in event.participants if "云泊" in p.name]
    assert "云泊" not in (event.asset or "")


@pytest.mark.parametrize(
    ("value", "published", "expected"),
    [
        ("2025-09-01", "2025-09-10", Position.RECENT),
        ("2025-03", "2025-09-10", Position.OLD),
        ("2024-12", "2025-03-15", Position.OLD),
        ("2026", "2025-09-10", Position.FUTURE),
        ("2025-10/2025-12", "2025-09-10", Position.FUTURE),
        ("--08-15", "--09-26", Position.RECENT),
        ("2025-08-15", "--09-26", Position.UNKNOWN),
        (None, "2025-09-10", Position.UNKNOWN),
        ("2025-09-01", None, Position.UNKNOWN),
    ],
)
def test_where_a_date_lies(value: str | None, published: str | None, expected: Position) -> None:
    assert position(value, published) is expected


def test_impossible_dates_have_no_bounds() -> None:
    assert bounds("2025-02-30", None) is None
    assert bounds("--05", None) is None


def test_sentences_cover_numbers_and_english() -> None:
    body = "投资3,600万元,建成后服务全省。It was signed. The drug costs 3.5 million."
    first, second, third = split(body)
    assert [body[a:b] for a, b in first.clauses] == ["投资3,600万元,", "建成后服务全省。"]
    assert body[second.start : second.end].strip() == "It was signed."
    assert body[third.start : third.end].strip() == "The drug costs 3.5 million."


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("雁州第一医院核医学科启用核素病房，开展碘-131治疗。", Relevance.CORE),
        ("雁州第一医院引进直线加速器，开展放疗，放射治疗科扩建。", Relevance.ADJACENT),
        ("雁州第一医院骨科完成一例高难度膝关节置换。", Relevance.OFF_TOPIC),
        ("研究人员用铀铅同位素测年法测定锆石年龄，揭示岩体的地质历史。", Relevance.OFF_TOPIC),
        (
            "澄影核医学平台一站式赋能医院，深受客户好评，口碑卓越。现在预约尊享优惠套餐，名额有限，先到先得。",
            Relevance.PROMOTIONAL,
        ),
    ],
)
def test_relevance(body: str, expected: Relevance) -> None:
    mentions = Mentions(body=body)
    relevance, reason = judge_relevance(article(body), mentions, [])
    assert relevance is expected
    assert reason


@pytest.mark.parametrize(
    ("body", "text", "scope"),
    [
        ("这是全省首个核素病房。", "全省首个核素病房", "全省"),
        ("产线规模亚洲最大，已投产。", "亚洲最大", "亚洲"),
        ("该成果填补国内空白。", "填补国内空白", "国内"),
        ("The plant is the largest isotope site in Europe.", "the largest isotope site in Europe", "Europe"),
    ],
)
def test_claims(body: str, text: str, scope: str) -> None:
    [claim] = find_claims(Mentions(body=body))
    assert (claim.text, claim.scope) == (text, scope)
    assert body[claim.start : claim.end] == text


def test_no_claim_without_scope_or_thing() -> None:
    assert not find_claims(Mentions(body="这是我们第一次合作，最大的困难是时间。"))
    assert not find_claims(Mentions(body="He was the first patient of the day."))


def test_the_chain_of_an_article_is_that_of_its_events() -> None:
    extracted = stage.extract(article("9月8日，雁州第一医院核素病房正式启用，首批患者入住。"))
    assert not isinstance(extracted, Rejected)
    assert extracted.chain == "downstream"
    assert any(e.type is EntityType.ORG for e in extracted.entities)


@pytest.mark.parametrize(
    "piece",
    [
        "签署协议",
        "获批上市",
        "首例给药",
        "启用中心",
        "第一个全国最大",
        "《",
        "从到",
        "9月1日签约",
        "signed deal ",
    ],
)
@pytest.mark.timeout(60)
def test_no_text_makes_the_reading_hang(piece: str) -> None:
    body = piece * (60_000 // len(piece))
    found = read_events(article(body), Mentions(body=body)).events
    find_claims(Mentions(body=body))
    assert len(found) <= MAX_TELLINGS
