"""The repair of text and the sorting of lines."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.cleaned import LOST_CHARACTER as LOST
from services.clean.repair.repair import repair
from services.clean.sorting.sorting import sort_lines
from tests import noise

TITLE = "溪岚核药产业园开园 首条镥-177生产线投入运行"
PARAGRAPHS = [
    (
        "4月5日，溪岚市举行核药产业园开园仪式。市长贺知远表示，园区占地210亩，将着力建设医用同位素生产、放射性药物"
        "研发和核医疗装备三个板块，随着配套道路通车，首批六家企业已经进驻。"
    ),
    (
        "溪岚核药股份有限公司董事长连雪舟介绍，公司的镥-177生产线年产能为800居里，去年完成的一期试验显示，患者耐受"
        "良好，显著改善了生活质量。公司与岚川大学附属医院合著的专著也在会上发布，其中收录了三百余个病例。"
    ),
    (
        "业内人士认为，医院对核素药物的需求正在增长，检查和治疗都离不开稳定的供应。园区二期计划明年动工，届时还将引进"
        "回旋加速器两台，为周边地区的医疗机构提供诊断用药。"
    ),
]
BODY = "\n".join(PARAGRAPHS)
ORDINARY = [
    BODY,
    "检查用了 CT(ct) 和 PET/CT(pet)，报告做了态势(SWOT)分析；“的(de)”字有三种读法，尉迟(yùchí)是复姓。",
    "The company dosed its first patient (n=12) & said so. Is that all? Yes; p<0.05, R&D costs fell 3%.",
    "東京の大学病院では、新しい放射線治療装置が導入され、多くの患者が治療を受けている。",
    "SIR-Spheres?钇[90Y]微球注射液获批了吗?现在SPECT检查要预约吗?怎么办??座位还有吗?",
    "多少钱?土建、防护加设备,一共3860万元。为什么?因为A座地下要做防护。",
    "著名作家的著作，显著提高；他穿着白大褂，着手准备，乾隆年间的什么事？",
    "剂量<5 mGy，a>b，AT&T；表格：<5岁|5-10岁|>10岁。",
    "医院地址:溪岚市北桥路9号\n一、项目概况\n打造核医疗综合服务平台\n二、采购需求\n未经许可，任何单位不得销售放射源。",
    "",
    "?",
    "(yī)",
]
SIMPLE = st.sampled_from(PARAGRAPHS)
CHARACTERS = st.text(
    st.sampled_from("医院核药的了在是学校中国研究(（)）yīxué ?�、。\n鎝著A1<>&;|"), max_size=80
)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays(text: str) -> None:
    repaired = repair(text)
    assert repaired.text == text
    assert not repaired.repairs
    assert repaired.damage_left == 0


def test_a_rare_reading_that_the_text_explains_stays() -> None:
    text = "亓(qí)书衡、隗(wěi)伯庸和逄(páng)立勋参加了会议，单(shàn)县代表发言。"
    assert repair(text).text == text


@given(SIMPLE, st.sampled_from(["\u200b\u2060\ufeff", "\x05\x06\x07\x08", "\xad\u200c\u200d"]))
@settings(max_examples=9, deadline=None)
def test_invisible_characters_go(text: str, marks: str) -> None:
    assert repair(noise.sprinkled(text, marks)).text == text


def test_an_address_that_ends_in_html_speaks_of_no_markup() -> None:
    text = f"{PARAGRAPHS[0]}<b></b>\n来源：https://news.example/2031/index.html"
    assert repair(text).text == text.replace("<b></b>", "")


@pytest.mark.parametrize("sign", list(" *_|-~"))
def test_characters_that_were_set_apart_are_joined(sign: str) -> None:
    text = f"{PARAGRAPHS[0]}\n{sign.join(PARAGRAPHS[2])}"
    repaired = repair(text)
    assert repaired.text == f"{PARAGRAPHS[0]}\n{PARAGRAPHS[2]}"
    assert repaired.counts["set_apart"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "赵 钱 孙 李 周 吴 郑 王 冯 陈 褚 卫 蒋 沈 韩 杨 朱 秦 尤 许",
        "一 二 三 四 五 六 七 八 九 十 百 千 万 亿 兆 京 垓 秭 穰 沟",
        "甲-乙-丙-丁-戊-己-庚-辛-壬-癸-子-丑-寅-卯-辰-巳-午-未-申-酉",
        "目 录\n通 知\n1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7.8.9",
    ],
)
def test_lists_of_characters_stay_apart(text: str) -> None:
    assert repair(text).text == text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("核医学&amp;#20013;&#24515;", "核医学中心"),
        ("&#26680&#21307学", "核医学"),
        ("\\u6838\\u533b\\u5b66\\u79d1启用", "核医学科启用"),
        ("核医学<!-- 广告位 -->中心", "核医学中心"),
        ("核\U000e0041医\U000e007f学", "核医学"),
        ("新⽣产线⼀条", "新生产线一条"),
        ("РET/CT与SPЕCT检查", "PET/CT与SPECT检查"),
    ],
)
def test_characters_that_were_written_otherwise_come_back(written: str, meant: str) -> None:
    assert repair(written).text == meant


def test_replacement_characters_entities_and_tags_go() -> None:
    text = (
        '核素病房\ufffd\ufffd启用&nbsp;了<td id="a1"><ins id="a1"></ins></td>。<br/>门诊开放br/>下午&amp;晚上'
    )
    assert repair(text).text == "核素病房启用 了。\n门诊开放\n下午&晚上"


@pytest.mark.parametrize(
    ("whole", "at", "expected"),
    [
        ("重大疾病：<br/>下一段", 3, "重大疾病：\n下一段"),
        ("醫療裝備，患者先後做過3次介入治療", 5, "医疗装备，患者先后做过3次介入治疗"),
        ("靈敏度較高，特異度為9成以上", 6, f"灵敏度较高，特异度为{LOST}成以上"),
    ],
)
def test_bytes_out_of_step_are_read_in_step(whole: str, at: int, expected: str) -> None:
    damaged = "醫(yī)學(xué)院(yuàn)的醫(yī)學(xué)研究\n" + noise.out_of_step(whole, at)
    assert "?" in damaged
    repaired = repair(damaged)
    assert repaired.text.split("\n", 1)[1] == expected
    assert repaired.damage_left == expected.count(LOST)


def test_pinyin_between_two_bytes_tells_the_lost_one() -> None:
    repaired = repair("如有問(wèn)題(tí)，請(qǐng)?jiān)?0日內(nèi)聯(lián)系")
    assert repaired.text == f"如有问题，请在{LOST}0日内联系"


def test_damage_that_cannot_be_read_is_counted_on_any_page() -> None:
    repaired = repair(f"{PARAGRAPHS[0]}如果第二?齠絲諍糯笥詰諞桓觶?敲此很好。")
    assert not repaired.counts["byte_damage"]
    assert repaired.damage_left > 0


def test_a_lost_digit_is_taken_from_the_same_sentence_only() -> None:
    text = "如有問(wèn)題(tí)，請(qǐng)?jiān)?0日內(nèi)聯系\n如有問(wèn)題(tí)，請(qǐng)在30日內(nèi)聯系"
    repaired = repair(text)
    assert repaired.text == "如有问题，请在30日内联系\n如有问题，请在30日内联系"
    assert repaired.counts["copied_character"] == 1
    assert repaired.damage_left == 0


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("著力推進，隨著技術進步，專著與名著顯著增多", "着力推进，随着技术进步，专著与名著显著增多"),
        ("鎝-99m顯像，衞生署祕書說什么都可以", "锝-99m显像，卫生署秘书说什么都可以"),
        ("臺北榮總與鍾姓醫師動土，乾燥後發佈", "台北荣总与钟姓医师动土，干燥后发布"),
    ],
)
def test_script(traditional: str, simplified: str) -> None:
    assert repair(traditional).text == simplified


@given(CHARACTERS)
@settings(max_examples=300, deadline=None)
def test_anything_can_be_repaired(text: str) -> None:
    repaired = repair(text)
    origins = [repaired.origin(i) for i in range(len(repaired.text))]
    assert origins == sorted(origins)
    assert all(0 <= origin <= len(text) for origin in origins)
    sort_lines(repaired.text.split("\n"), cloaked=True)


def test_a_whole_page_comes_out_clean() -> None:
    cloaked = noise.page(noise.toned(TITLE), [noise.toned(p) for p in PARAGRAPHS])
    repaired = repair(cloaked)
    lines = sort_lines(repaired.text.split("\n"), cloaked=True)
    assert lines.body == PARAGRAPHS
    assert lines.metadata("title") == [TITLE]
    assert lines.metadata("byline") == ["溪岚新闻网  发布时间:2031-04-05 08:30 编辑:柳五"]
    assert lines.metadata("source") == ["(来源:溪岚日报)"]
    assert lines.metadata("editor") == ["责任编辑:赵六"]
    assert lines.captions == ["图为工程现场。溪岚日报 供图"]
    for line in lines.lines:
        assert repaired.text[line.start : line.start + len(line.text)] == line.text


def test_a_glued_caption_and_a_credit_leave_the_paragraph() -> None:
    line = f"技术团队在调试靶系统。 溪岚核药供图{PARAGRAPHS[2]}（责任编辑：赵六）"
    lines = sort_lines([PARAGRAPHS[0], line])
    assert lines.body == [PARAGRAPHS[0], PARAGRAPHS[2]]
    assert lines.captions == ["技术团队在调试靶系统。 溪岚核药供图"]
    assert lines.metadata("editor") == ["（责任编辑：赵六）"]


def test_uptake_is_no_photographer() -> None:
    line = f"患者影像显示病灶明显。 病灶高度摄取示踪剂，提示转移。{PARAGRAPHS[2]}"
    assert sort_lines([line]).body == [line]
    glued = f"签约仪式现场。 本报记者 李四 摄{PARAGRAPHS[2]}"
    assert sort_lines([glued]).body == [PARAGRAPHS[2]]


def test_a_shuffled_paragraph_goes() -> None:
    shuffled = PARAGRAPHS[1][40:] + PARAGRAPHS[1][:40]
    assert sort_lines([*PARAGRAPHS, shuffled]).body == PARAGRAPHS


def test_brands_go_from_the_front_of_sentences_of_cloaked_pages_only() -> None:
    text = f"星悦返券网app{PARAGRAPHS[2]}溪岚药监局官网显示，审批仍在进行。"
    assert sort_lines([text], cloaked=True).body == [f"{PARAGRAPHS[2]}溪岚药监局官网显示，审批仍在进行。"]
    assert sort_lines([text]).body == [text]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_lines_stay_in_a_body(text: str) -> None:
    lines = [line for line in text.split("\n") if line.strip()]
    assert sort_lines(lines, flattened=False).body == lines


@pytest.mark.parametrize(
    "heading",
    [
        "谁来看病",
        "一、技术路线",
        "科研创新：",
        "健康",
        "打造核医疗服务平台",
        "特别提示：",
        "专家点评",
        "◆ 项目背景",
        "HER2阴性 3级",
    ],
)
def test_subheadings_stay(heading: str) -> None:
    assert heading in sort_lines([*PARAGRAPHS[:2], heading, PARAGRAPHS[2]]).body


def test_an_english_page_keeps_its_paragraphs() -> None:
    paragraph = "Kestrel Isotopes said on Tuesday that the first patient had received its lead-212 drug. " * 3
    lines = sort_lines(
        [
            "Home > News > Pharma",
            "Kestrel Isotopes treats first patient with lead-212 drug at Norwold clinic",
            "By Ada Quill | March 4, 2031",
            paragraph,
            "Share this article",
            "Related: Norwold opens a cyclotron",
            "© 2031 Norwold Wire. All rights reserved.",
        ]
    )
    assert lines.body == [paragraph.strip()]
    assert lines.metadata("title") == [
        "Kestrel Isotopes treats first patient with lead-212 drug at Norwold clinic"
    ]


@pytest.mark.parametrize(
    "unit",
    [
        "醫(yī)",
        "?磥",
        "(yī",
        "图为",
        "|县",
        "&nbsp;",
        "<td ",
        "a0",
        "。 ",
        "（来源：",
        "澳(ao)",
        "? ",
        "官网",
        "(yī)醫",
        "醫yī",
        "\n(yī)\n",
        "(y ",
        "ä¸­",
        "ÖÐ",
        "锛銆",
        "嚗銝",
        "锟斤拷",
        "&amp;#",
        "中\ufffd",
        "。a1b2c3d4\n",
        "<rt>",
        "過ご\n",
    ],
)
@pytest.mark.timeout(60)
def test_no_large_page_makes_the_repair_hang(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    sort_lines(repair(text).text.split("\n"), cloaked=True)
    # Quadratic work on so much text takes minutes: the limit of the test ends it.


@pytest.mark.shared
def test_the_bodies_of_the_seeds_come_out_exact(shared_dir: Path) -> None:
    seeds = sorted((shared_dir / "eval" / "seeds").glob("*.txt"))
    assert len(seeds) == 5
    for seed in seeds:
        repaired = repair(seed.read_text(encoding="utf-8"))
        lines = sort_lines(repaired.text.split("\n"), cloaked=True)
        golden = shared_dir / "eval" / "golden" / "seeds_clean" / f"{seed.name[:3]}.txt"
        assert plain("\n".join(lines.body)) == plain(golden.read_text(encoding="utf-8")), seed.name


def plain(text: str) -> str:
    """Return the text as the scorer compares it: NFKC without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())
