"""What a report says of its article: doubts, quality, and what was removed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from schemas.cleaned import LOST_CHARACTER
from services.clean.metadata.metadata import Metadata
from services.clean.metadata.title import MIN_TITLE
from services.clean.page.page import Page, PageLine, Place
from services.clean.quality import costs, judge
from services.clean.repair.repair import RepairedText
from services.clean.sorting.lines import Line, LinesSorted, Role
from tests.unit.clean_pages import FLATTENED, GOVERNMENT, PORTAL, cleaned

KINDS = yaml.safe_load(Path("services/clean/data/kinds.yaml").read_text(encoding="utf-8"))
TEXT = "松岭市新建的同位素药物配送中心十二日通过竣工验收，预计下月起向全市六家医院供药。" * 4


def doubts_of(
    body: str = TEXT, *, removed: str = "", page: Page | None = None, repaired: RepairedText | None = None
) -> list[str]:
    lines = LinesSorted((Line(body, 0, Role.BODY), Line(removed, len(body) + 1, Role.NOISE, "other")))
    page = page or Page([PageLine(body, Place.BODY), PageLine(removed, Place.BODY)])
    return judge(page, repaired or RepairedText(body), lines, Metadata(title="题" * MIN_TITLE)).doubts


@pytest.mark.parametrize(
    ("found", "doubt"),
    [
        (doubts_of("短" * 50), "short"),
        (doubts_of(removed=TEXT * 4), "little_kept"),
        (doubts_of(page=Page(doubt=True)), "body_guessed"),
        (doubts_of(page=Page(flattened=True)), "flattened"),
        (doubts_of(repaired=RepairedText(TEXT, damage_left=1)), "damage_left"),
        (doubts_of(repaired=RepairedText(TEXT + LOST_CHARACTER)), "lost_characters"),
    ],
)
def test_each_doubt_is_told_alone(found: list[str], doubt: str) -> None:
    assert found == [doubt, "no_date"]


def test_a_page_without_doubt() -> None:
    report = cleaned(PORTAL).report
    assert (report.doubts, report.quality) == ([], 1.0)


def test_quality_is_one_less_the_costs() -> None:
    report = cleaned(FLATTENED).report
    assert report.doubts == ["flattened"]
    assert report.quality == 1 - costs()["flattened"]


def test_quality_never_falls_below_none() -> None:
    assert sum(costs().values()) > 1
    every = RepairedText("短" + LOST_CHARACTER, damage_left=1)
    every.counts["pinyin"] = 1
    page = Page([PageLine("短", Place.BODY), PageLine(TEXT, Place.BODY)], flattened=True, doubt=True)
    lines = LinesSorted((Line("短", 0, Role.BODY),))
    judged = judge(page, every, lines, Metadata())
    assert judged == (list(costs()), 0.0)


def test_every_doubt_is_explained() -> None:
    assert all(set(entry) == {"costs", "is"} for entry in KINDS["doubts"].values())


def test_removals_stand_where_the_report_says() -> None:
    removed = cleaned(GOVERNMENT).report.removed
    assert removed
    assert [piece.start for piece in removed] == sorted(piece.start for piece in removed)
