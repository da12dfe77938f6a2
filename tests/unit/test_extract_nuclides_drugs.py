from __future__ import annotations

import pytest

from schemas.extracted import EntityType
from services.extract.names import find_names
from services.extract.nuclides import find_nuclides
from services.extract.words import segment


@pytest.mark.parametrize(
    "text",
    [
        "镥-177",
        "镥177",
        "177Lu",
        "Lu-177",
        "¹⁷⁷Lu",
        "镥[177Lu]",
        "镥[¹⁷⁷Lu]",
        "鎦-177",
        "镏-177",
        "镥—177",
        "lutetium-177",
    ],
)
def test_every_written_form_is_one_nuclide(text: str) -> None:
    body = f"患者接受{text}治疗"
    (nuclide,) = find_nuclides(body)
    assert nuclide.id == "Lu-177"
    assert body[nuclide.start : nuclide.end] == nuclide.text


@pytest.mark.parametrize(
    ("text", "nuclide"),
    [
        ("99mTc", "Tc-99m"),
        ("锝-99m", "Tc-99m"),
        ("锝[99mTc]", "Tc-99m"),
        ("碘-131", "I-131"),
        ("18F", "F-18"),
        ("铅-206", "Pb-206"),
        ("镭D", "Pb-210"),
        ("钴60", "Co-60"),
    ],
)
def test_metastable_and_other_nuclides(text: str, nuclide: str) -> None:
    assert [n.id for n in find_nuclides(f"用{text}标记")] == [nuclide]


@pytest.mark.parametrize("text", ["金12万元", "铁59.5元", "QX-118", "LU-177X", "A177", "第177名"])
def test_what_is_no_nuclide(text: str) -> None:
    assert find_nuclides(text) == []


def drugs(body: str) -> list[tuple[str, list[str]]]:
    _, entities = find_names(body, segment(body))
    return [(e.name, e.aliases) for e in entities if e.type is EntityType.DRUG]


def test_codes_with_and_without_dash_are_one_drug() -> None:
    assert drugs("新药QX-118启动临床试验，QX118已给药3例。") == [("QX-118", ["QX118"])]


def test_a_name_with_its_code_in_brackets_is_one_drug() -> None:
    assert drugs("镥[177Lu]奥瑞肽注射液（研发代号DX-0907）进入II期临床。") == [
        ("镥[177Lu]奥瑞肽注射液", ["DX-0907"])
    ]


def test_a_code_told_later_belongs_to_the_drug_before_it() -> None:
    assert drugs("患者输注了镥[177Lu]奥瑞肽注射液。该新药的研发代号为DX-0907。") == [
        ("镥[177Lu]奥瑞肽注射液", ["DX-0907"])
    ]


def test_a_former_name_is_known() -> None:
    _, entities = find_names(
        "核药SKB107启动试验，原名TBM-001。", segment("核药SKB107启动试验，原名TBM-001。")
    )
    assert [e.id for e in entities if e.type is EntityType.DRUG] == ["drug:SKB-107"]


@pytest.mark.parametrize(
    "text",
    ["COVID-19疫情与药品", "MQ-18型回旋加速器与药物", "编号DJCG-2026-017的药品采购", "ISO9001认证的药企"],
)
def test_what_is_no_drug_code(text: str) -> None:
    assert drugs(text) == []
