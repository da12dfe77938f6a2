from __future__ import annotations

import pytest

from schemas.extracted import Entity, EntityType, Person
from services.extract.entities import is_short_for
from services.extract.names import find_names
from services.extract.words import segment


def read(body: str) -> tuple[list[Person], list[Entity]]:
    return find_names(body, segment(body))


def named(body: str, kind: EntityType) -> list[str]:
    return [e.name for e in read(body)[1] if e.type is kind]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("记者从云苍核技术有限公司获悉，公司已投产。", ["云苍核技术有限公司"]),
        ("瑞溪药业与衡川大学附属肿瘤医院签署协议。", ["瑞溪药业", "衡川大学附属肿瘤医院"]),
        ("由澄江同位素研究所牵头。", ["澄江同位素研究所"]),
        ("项目由同岚医疗承担。", ["同岚医疗"]),
        ("玄阳镓源（苏州）科技有限公司负责供货。", ["玄阳镓源（苏州）科技有限公司"]),
        ("瑞溪药业从Lindqvist Isotopen GmbH进口原料。", ["瑞溪药业", "Lindqvist Isotopen GmbH"]),
        ("江岚市交通运输局随后通报。", ["江岚市交通运输局"]),
        ("江岚市生态环境局通报了情况。", ["江岚市生态环境局"]),
        ("项目由省生态环境厅核发许可证。", ["省生态环境厅"]),
        ("子公司东曜核素（临海）有限公司取得许可。", ["东曜核素（临海）有限公司"]),
        ("中核澄远股份有限公司参加。", ["中核澄远股份有限公司"]),
        ("芳林大学生命科学专业招生。", ["芳林大学"]),
        ("北苑资本领投，玄阳生物宣布融资。", ["北苑资本", "玄阳生物"]),
        ("用好放射医学与分子影像青梧省重点实验室。", ["放射医学与分子影像青梧省重点实验室"]),
    ],
)
def test_organisations_by_their_form(body: str, names: list[str]) -> None:
    assert named(body, EntityType.ORG) == names


@pytest.mark.parametrize(
    "body",
    [
        "基层医院和三级医院都要参加。",
        "社会资本与风险投资进入。",
        "大学生参观了核医学科。",
        "楼内设核素治疗床位。",
        "放射性药物的影像诊断。",
        "各大医院、科研院所以及高科技企业。",
    ],
)
def test_common_nouns_name_nothing(body: str) -> None:
    assert named(body, EntityType.ORG) == []


def test_a_definition_joins_both_names() -> None:
    _, entities = read("江岚市第三人民医院（以下简称“江岚三院”）开诊。江岚三院设床位12张。")
    (hospital,) = [e for e in entities if e.type is EntityType.ORG]
    assert (hospital.name, hospital.aliases, len(hospital.mentions)) == (
        "江岚市第三人民医院",
        ["江岚三院"],
        3,
    )


def test_short_forms_are_no_second_organisation() -> None:
    assert named("瑞溪药业集团有限公司公告，瑞溪药业将扩产。", EntityType.ORG) == ["瑞溪药业集团有限公司"]
    assert named("青梧省肿瘤医院开诊，省肿瘤医院院长何某到场。", EntityType.ORG) == ["青梧省肿瘤医院"]


@pytest.mark.parametrize(
    ("short", "long", "same"),
    [
        ("瑞溪药业", "瑞溪药业集团有限公司", True),
        ("省肿瘤医院", "青梧省肿瘤医院", True),
        ("螺川科大", "螺川科技大学", True),
        ("纽瑞特", "纽瑞特生物技术有限公司", False),
        ("衡川大学", "衡川大学附属肿瘤医院", False),
        ("四川大学", "四川师范大学", False),
        ("卓岭科技", "卓岭核素有限公司", False),
    ],
)
def test_what_is_short_for_what(short: str, long: str, same: bool) -> None:
    assert is_short_for(short, long) is same


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("岚山湾质子治疗中心昨日揭牌。", ["岚山湾质子治疗中心"]),
        ("松陵集团建设松陵核药生产基地。", ["松陵核药生产基地"]),
        ("企业落户赤岭核医疗产业园。", ["赤岭核医疗产业园"]),
        ("衡川大学附属医院核医学中心主任到会。", []),
        ("医院要建平台、引人才。", []),
    ],
)
def test_facilities(body: str, names: list[str]) -> None:
    assert named(body, EntityType.FACILITY) == names


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("论坛在宁波举行，浙江、福建两省参加。", ["宁波", "浙江", "福建"]),
        ("赤岭县与岚山市签约，岚山承办。", ["赤岭县", "岚山市"]),
        ("公司已同德国和新加坡的机构合作。", ["德国", "新加坡"]),
        ("宜宾市人民政府副市长何某到场。", ["宜宾市"]),
        ("城市居民去超市，股市上涨。", []),
        ("宁波大学附属医院开诊。", []),
    ],
)
def test_places(body: str, names: list[str]) -> None:
    assert named(body, EntityType.PLACE) == names


def test_devices_diseases_and_models() -> None:
    body = "医院引进AB-18型回旋加速器和PET/CT，用于转移性去势抵抗性前列腺癌。"
    assert named(body, EntityType.DEVICE) == ["AB-18型回旋加速器", "PET/CT"]
    assert named(body, EntityType.DISEASE) == ["转移性去势抵抗性前列腺癌"]


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (
            "瑞溪药业董事长兼总经理褚怀远出席。",
            [("褚怀远", "董事长", "瑞溪药业"), ("褚怀远", "总经理", "瑞溪药业")],
        ),
        ("衡川大学附属肿瘤医院核医学科主任谭若曦说。", [("谭若曦", "核医学科主任", "衡川大学附属肿瘤医院")]),
        ("某某认为如此。朗曜智核总经理何松表示，市场很大。", [("何松", "总经理", "朗曜智核")]),
        ("江岚市卫生健康委员会副主任欧阳靖宇在会上表示。", [("欧阳靖宇", "副主任", "江岚市卫生健康委员会")]),
        (
            "开幕式由海州大学党委委员、副院长简庆和主持。",
            [("简庆和", "党委委员", "海州大学"), ("简庆和", "副院长", "海州大学")],
        ),
        ("副院长兼核医学科主任石磊告诉记者。", [("石磊", "副院长", None), ("石磊", "核医学科主任", None)]),
        (
            "由松陵集团总裁、现任首席科学家的池明远介绍。",
            [("池明远", "总裁", "松陵集团"), ("池明远", "首席科学家", "松陵集团")],
        ),
        ("梁山泊当选为江南核医学会会长。", [("梁山泊", "会长", "江南核医学会")]),
        ("玄阳生物聘任黎铮为总经理。", [("黎铮", "总经理", "玄阳生物")]),
        ("法国里昂大学教授米歇尔·杜朗介绍。", [("米歇尔·杜朗", "教授", "法国里昂大学")]),
        ("江岚市副市长欧阳青在致辞中说。", [("欧阳青", "副市长", "江岚市")]),
        ("玄阳生物首席质量官桑若谷介绍。", [("桑若谷", "首席质量官", "玄阳生物")]),
        ("瑞溪药业任命安德鲁·金为首席商务官。", [("安德鲁·金", "首席商务官", "瑞溪药业")]),
    ],
)
def test_persons_with_titles(body: str, rows: list[tuple[str, str, str | None]]) -> None:
    persons, _ = read(body)
    assert [(p.name, p.title, p.org) for p in persons] == rows
    assert all(body[p.start : p.end] == p.name for p in persons)


@pytest.mark.parametrize(
    "body",
    [
        "主任高度重视。",
        "院长强调，要加快建设。",
        "医师和药师参加。",
        "患者张女士出院。",
        "董事长于去年辞职。",
        "（记者 王鹏）",
        "有学者曾预测增长。",
    ],
)
def test_what_is_no_person(body: str) -> None:
    assert read(body)[0] == []


def test_english_persons_and_places() -> None:
    body = (
        "Veltora Therapeutics treated a patient in Oslo, chief medical officer Jana Brekke said. "
        "Veltora hired Tom Hale, professor of physics at Norbay University."
    )
    persons, entities = read(body)
    assert [(p.name, p.title, p.org) for p in persons] == [
        ("Jana Brekke", "chief medical officer", "Veltora Therapeutics"),
        ("Tom Hale", "professor of physics", "Norbay University"),
    ]
    assert [e.name for e in entities if e.type is EntityType.PLACE] == ["Oslo"]
    assert ["Veltora"] in [e.aliases for e in entities]


def test_ids_are_stable() -> None:
    first = read("患者接受镥-177治疗。")[1]
    second = read("用177Lu标记。")[1]
    assert [e.id for e in first] == [e.id for e in second] == ["nuclide:Lu-177"]


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text",
    [
        "院长" * 5000,
        "中心医院" * 3000,
        "北京市" * 4000,
        "A" * 20_000,
        "Aa " * 5000,
        "（" * 20_000,
        "王" * 20_000,
    ],
)
def test_odd_bodies_stay_linear(text: str) -> None:
    read(text)
