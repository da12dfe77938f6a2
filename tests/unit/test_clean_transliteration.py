"""What cloaking tools put on the characters comes off again, in every form."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import Style, pinyin

from services.clean.data.build_readings import characters_by_reading
from services.clean.repair import readings
from services.clean.repair.repair import repair
from tests import noise
from tests.unit.test_clean_text import BODY, PARAGRAPHS

SEEDS = st.integers(0, 10_000)


@pytest.mark.parametrize("form", noise.TRANSLITERATION)
@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_every_form_comes_off(form: str, seed: int) -> None:
    repaired = repair(noise.cloak(BODY, random.Random(seed), [form]))
    assert repaired.text == BODY
    assert repaired.counts["pinyin"] > 0


@pytest.mark.parametrize("form", noise.TRANSLITERATION)
@pytest.mark.parametrize("debris", ["invisible", "replacement", "tags", "jammers"])
def test_a_form_comes_off_with_debris_on_it(form: str, debris: str) -> None:
    if (form, debris) == ("split", "jammers"):  # they end the lines within its brackets
        return
    cloaked = noise.cloak(BODY, random.Random(7), [debris, form])
    assert repair(cloaked).text == BODY


@pytest.mark.parametrize("bracket", noise.BRACKETS)
@pytest.mark.parametrize("blank", ["", " "])
def test_toned_pinyin_goes_from_any_bracket(bracket: str, blank: str) -> None:
    for text in PARAGRAPHS:
        repaired = repair(noise.toned(text, bracket=bracket, blank=blank))
        assert repaired.text == text
        assert repaired.counts["pinyin"] > 20


@pytest.mark.parametrize(
    "mark",
    [
        "/{}/", "|{}|", "*{}*", "~{}~", '"{}"', "(({}))", "（{})", "({}:)", "({}.)",
        " ({})", "  ({})", "\u3000（{}）", " {} ", "<sup>{}</sup>", "<ruby><rt>{}</rt></ruby>",
    ],
)  # fmt: skip
def test_pinyin_goes_from_between_any_signs(mark: str) -> None:
    assert repair(noise.toned(BODY, bracket=mark)).text == BODY


@pytest.mark.parametrize("style", [Style.BOPOMOFO, Style.TONE3, Style.NORMAL])
def test_letters_without_brackets_go(style: Style) -> None:
    text = "\n".join(PARAGRAPHS).replace("800", "八百")
    marked = zip(text, noise.traditional(text), strict=True)
    cloaked = "".join(t + (pinyin(t, style=style)[0][0] if c != t else "") for c, t in marked)
    assert repair(cloaked).text == text


def test_no_number_is_made_of_a_tone() -> None:
    pairs = zip(BODY, noise.traditional(BODY), strict=True)
    cloaked = "".join(t + (pinyin(t, style=Style.TONE3)[0][0] if s != t else "") for s, t in pairs)
    assert "wei4800" in cloaked
    assert "4800" not in repair(cloaked).text.replace("wei4800", "")


@pytest.mark.parametrize("both", ["{t}({s})", "{s}（{t}）", "{t}[{s}]"])
def test_the_same_character_in_the_other_script_goes(both: str) -> None:
    pairs = zip(BODY, noise.traditional(BODY), strict=True)
    assert repair("".join(both.format(s=s, t=t) if s != t else s for s, t in pairs)).text == BODY
    honest = "乾(干)燥与臺(台)湾的写法，以及发(髮)、后(後)两个字。"
    assert "(干)" in repair(honest).text


def test_toneless_pinyin_goes_where_it_is_a_habit() -> None:
    cloaked = noise.toneless(BODY, "园核药医院公司溪")
    assert repair(cloaked).text == BODY
    assert repair(noise.toneless(BODY, "岚")).text == noise.toneless(BODY, "岚")


def test_pinyin_of_whole_words_and_doubled_pinyin_go() -> None:
    cloaked = noise.whole_words(BODY, ["建设", "公司", "介绍", "医疗机构", "离不开"])
    assert "(yīliáojīgòu)" in cloaked
    assert repair(noise.doubled(cloaked, "的")).text == BODY


def test_a_mixed_page_comes_clean() -> None:
    cloaked = "\n".join([PARAGRAPHS[0], noise.toned(PARAGRAPHS[1]), noise.toned(PARAGRAPHS[2])])
    assert repair(cloaked).text == BODY


@pytest.mark.parametrize(
    "honest",
    ["曱甴(yuē yóu)出没", "检查用CT(ct)", "记者何知远(Hé Zhīyuǎn)报道", "态势(SWOT)分析", "化合物(NaI)"],
)
def test_a_cloaked_page_keeps_what_honest_authors_put_in_brackets(honest: str) -> None:
    assert repair(f"{noise.toned(BODY)}\n{honest}").text == f"{BODY}\n{honest}"


@pytest.mark.parametrize(
    ("honest", "folded"),
    [
        (
            "單(shàn)縣的亓(qí)先生、逄(páng)先生和華(huà)佗的後人",
            "单(shàn)县的亓(qí)先生、逄(páng)先生和华(huà)佗的后人",
        ),
        ("龜(qiū)茲、大宛(yuān)、月(ròu)氏與吐(tǔ)蕃(bō)", "龟(qiū)兹、大宛(yuān)、月(ròu)氏与吐(tǔ)蕃(bō)"),
        ("鈉(nà)、鎂(měi)、鋁(lǚ)是金屬", "钠(nà)、镁(měi)、铝(lǚ)是金属"),
        ("中文(ㄓㄨㄥ ㄨㄣˊ)與英文(ㄧㄥ ㄨㄣˊ)", "中文(ㄓㄨㄥ ㄨㄣˊ)与英文(ㄧㄥ ㄨㄣˊ)"),
    ],
)
def test_an_honest_page_keeps_its_readings(honest: str, folded: str) -> None:
    assert repair(honest).text == folded


@pytest.mark.parametrize("character", "医學長绿略雪云永翁瓮儿日知次四鱼月元群穷凶王微弯温五牙夜友烟因英佛波")
def test_zhuyin_and_numbers_are_read_as_pinyin(character: str) -> None:
    expected = pinyin(character, style=Style.TONE)[0][0]
    assert readings.normal(pinyin(character, style=Style.BOPOMOFO)[0][0]) == expected
    assert readings.normal(pinyin(character, style=Style.TONE3)[0][0]) == expected
    assert readings.is_usual(character, expected)


def test_the_table_of_readings_is_what_its_script_builds() -> None:
    built = {reading: usual + other for reading, (usual, other) in characters_by_reading().items()}
    assert readings.by_reading() == built
