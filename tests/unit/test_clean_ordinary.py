"""Ordinary text passes through the repair unchanged, letter for letter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from services.clean.repair.repair import repair
from services.clean.repair.script import traditional
from tests import prose


@given(prose.texts(prose.SIMPLIFIED))
@settings(max_examples=150, deadline=None)
def test_simplified_chinese_stays(text: str) -> None:
    _unchanged(text)


@given(prose.texts(prose.ENGLISH))
@settings(max_examples=50, deadline=None)
def test_english_stays(text: str) -> None:
    _unchanged(text)


@given(prose.texts(prose.JAPANESE))
@settings(max_examples=50, deadline=None)
def test_japanese_stays(text: str) -> None:
    _unchanged(text)


@given(prose.texts(prose.SIMPLIFIED, prose.ENGLISH, prose.LESSONS))
@settings(max_examples=150, deadline=None)
def test_text_in_two_languages_stays(text: str) -> None:
    _unchanged(text)


@given(prose.texts(prose.TAIWANESE, prose.HONG_KONG, prose.ENGLISH))
@settings(max_examples=150, deadline=None)
def test_only_the_script_of_taiwan_and_hong_kong_changes(text: str) -> None:
    repaired = repair(text)
    assert set(repaired.counts) <= {"script"}
    assert repaired.damage_left == 0
    assert len(repaired.text) == len(text)
    for before, after in zip(text, repaired.text, strict=True):
        assert before == after or "\u3400" <= before <= "\u9fff"
    assert traditional().isdisjoint(repaired.text)


@pytest.mark.parametrize("text", prose.LESSONS)
def test_lessons_and_dictionaries_keep_their_readings(text: str) -> None:
    _unchanged(text)


@pytest.mark.parametrize(
    "text",
    [
        "在写HTML时，用<b>粗体</b>标签，用&nbsp;表示空格，用&amp;表示和号，用<br>换行。",
        "用法：isotope <option> <file>，其中 <p> 是端口，<a> 是地址。",
        "依赖的软件包：\nlibpulse0\nlibphonon4\nman2html\ntexi2html\nlibjack0",
        "部首表：⼀ ⼁ ⼂ ⼃ ⼄ ⼅，共214个。",
        "Контрастные КТ и МРТ; α-частицы, Wi-Fi роутер, ОФЭКТ/КТ.",
        "字表：锛、銆、鏄、鍦、鍜、嚗、銝，均见于《汉语大字典》。",
    ],
)
def test_what_a_text_is_about_stays(text: str) -> None:
    _unchanged(text)


def _unchanged(text: str) -> None:
    repaired = repair(text)
    assert repaired.text == text
    assert not repaired.repairs
    assert not repaired.counts
    assert repaired.damage_left == 0
