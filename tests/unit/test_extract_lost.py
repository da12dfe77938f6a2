"""What is left of a number that lost a character is no number."""

from __future__ import annotations

import pytest

from schemas.cleaned import LOST_CHARACTER
from services.extract.extract import find_mentions
from tests.unit.clean_pages import cleaned

LEAD = "松岭市同位素药物配送中心昨天发布消息称,全市核医学科的检查预约时间已经缩短。"


def numbers(sentence: str) -> list[str]:
    article = cleaned(f"<html><body><p>{LEAD}</p><p>{LEAD[:20]}</p></body></html>")
    mentions = find_mentions(article.model_copy(update={"body": sentence, "published": "2024-05-06"}))
    nuclides = [sentence[e.start : e.end] for e in mentions.entities if e.type == "nuclide"]
    return [
        sentence[m.start : m.end] for m in (*mentions.money, *mentions.dates, *mentions.quantities)
    ] + nuclides


@pytest.mark.parametrize(
    "sentence",
    [
        "该项目投资〓.5亿元建设。",
        "该项目投资1〓5亿元建设。",
        "该项目投资3〓亿元建设。",
        "该项目将于202〓年3月5日签约。",
        "该项目将于〓月5日签约。",
        "该院每年服务〓00名患者。",
        "该院使用镥-17〓治疗。",
    ],
)
def test_torn_numbers_are_not_read(sentence: str) -> None:
    assert numbers(sentence.replace("〓", LOST_CHARACTER)) == []


def test_whole_numbers_beside_lost_words_are() -> None:
    assert numbers("该院〓投资5亿元，将于3月5日签约，使用镥-177治疗，〓。") == ["5亿元", "3月5日", "镥-177"]
