"""When a page was published: each source, which of them is believed, and what is never the page's date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from services.clean.metadata.byline import read_byline
from services.clean.metadata.date_sources import Basis, from_path, read_signature
from services.clean.metadata.evidence import Evidence
from services.clean.metadata.published import read_published
from services.clean.stage import KINDS
from tests.unit import clean_pages as pages

FETCHED = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
DAY = "2024-06-25"


def published(
    *,
    meta: Mapping[str, str] | None = None,
    header: Sequence[str] = (),
    footer: Sequence[str] = (),
    body: Sequence[str] = tuple(pages.BODY),
    url: str | None = None,
    fetched_at: datetime = FETCHED,
) -> tuple[str, str] | None:
    evidence = Evidence([], header, footer, body, meta or {}, fetched_at, url)
    lines = [read_byline(line) for line in header], [read_byline(line) for line in footer]
    found = read_published(evidence, *lines)
    return (found.date.value, found.basis.value) if found else None


def test_nothing_told_is_nothing_known() -> None:
    assert published() is None


@pytest.mark.parametrize(
    ("name", "basis"),
    [
        ("ld:datepublished", "json-ld"),
        ("article:published_time", "meta"),
        ("og:release_date", "meta"),
        ("pubdate", "meta"),
        ("wechat:ct", "meta"),
        ("time:datetime", "time"),
        ("date", "created"),
    ],
)
def test_the_head_tells(name: str, basis: str) -> None:
    assert published(meta={name: DAY}) == (DAY, basis)


@pytest.mark.parametrize("name", ["article:modified_time", "og:updated_time", "lastmodified", "expires"])
def test_a_change_is_no_publication(name: str) -> None:
    assert published(meta={name: DAY}) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2024年06月25日 14:15 来源:松岭日报", ("2024-06-25T14:15+08:00", "byline")),
        ("发布时间：2024-06-25", (DAY, "byline")),
        ("成文日期：2024-06-01 发布日期：2024-06-25", (DAY, "byline")),
        ("2024年6月25日 松岭晚报", (DAY, "plain")),
        ("更新时间：2024-06-25", (DAY, "plain")),
        ("发布时间：2024年6月", ("2024-06", "byline")),
        ("发布时间：06-25 14:15", ("--06-25", "byline")),
        ("发布日期：民国114年12月3日", ("2025-12-03", "byline")),
        ("生成日期：2024-06-25", (DAY, "signature")),
        ("今天是2024年6月25日 星期二", None),
        ("2024年6月25日 星期二", None),
        ("注册时间：2024-06-25", None),
        ("最后登录 2024-06-25 14:15", None),
        ("活动时间：2024-06-25", None),
        ("有效期至：2024-06-25", None),
        ("松岭老张 2024-06-25 14:15 回复", None),
        ("发布时间：3小时前", None),
        ("昨天 14:15 来源：松岭日报", None),
        ("某地第三届活动举行 2024-06-25", None),
        ("·石桥社区医院新装两台设备 (2024-06-25 14:15)", None),
        ("某县推进老旧小区改造，居民纷纷点赞，工程预计年底完成 2024-06-25", None),
    ],
)
def test_lines_above_the_text(line: str, expected: tuple[str, str] | None) -> None:
    assert published(header=[line]) == expected


def test_a_newspapers_page_is_of_its_issue() -> None:
    assert published(header=["2024年6月25日 星期二", "第03版：要闻"]) == (DAY, "issue")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("发布时间：2024-06-25 编辑：方朵朵", (DAY, "footer")),
        ("2024-06-25", None),
        ("路人甲 2024-06-25 14:15", None),
        ("相关新闻 2024-06-25", None),
    ],
)
def test_lines_below_the_text(line: str, expected: tuple[str, str] | None) -> None:
    assert published(footer=[line]) == expected


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/2024/06/25/c_1123.htm", DAY),
        ("/2024-06/25/content_1.htm", DAY),
        ("/2024-06-25/doc-abc.shtml", DAY),
        ("/202406/25/123.html", DAY),
        ("/zwgk/202406/t20240625_123.html", DAY),
        ("/n1/2024/0625/c1001-40264123.html", DAY),
        ("/gn/2024/06-25/10234.shtml", DAY),
        ("/20240625/ab12/c.html", DAY),
        ("/a/20240625141500.html", DAY),
        ("/2003/9/2/old.htm", "2003-09-02"),
        ("/zhengce/202406/content_6958.htm", "2024-06"),
        ("/2024/06/a-slug/", "2024-06"),
        ("/news/12345678.html", None),
        ("/news/20241399.html", None),
        ("/p/202406251.html", None),
        ("/about", None),
    ],
)
def test_addresses(path: str, value: str | None) -> None:
    found = from_path(path)
    assert (found.value if found else None) == value
    assert published(url=f"https://carrier.example{path}") == ((value, "url") if value else None)


def test_a_broken_address_tells_nothing() -> None:
    assert published(url="http://[broken/2024/06/25/") is None


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("2024年6月25日", DAY),
        ("二〇二四年六月二十五日", DAY),
        ("松岭市卫生健康委员会 2024年6月25日", DAY),
        ("（2024年6月25日）", DAY),
        ("2024年6月", "2024-06"),
        ("2024年", None),
        ("项目于2024年6月25日", None),
        ("工程预计在年底前完成，2024年6月25日", None),
        ("2024年6月25日起施行。", None),
    ],
)
def test_signatures(line: str, value: str | None) -> None:
    found = read_signature(line)
    assert (found.value if found else None) == value


def test_a_signature_may_stand_above_attachments() -> None:
    body = [*pages.BODY, "松岭市卫生健康委员会", "2024年6月25日", "（此件公开发布）", "附件：名单"]
    assert published(body=body) == (DAY, "signature")


def test_the_head_of_a_notice_tells_when_it_was_drawn_up() -> None:
    assert published(body=["发文日期：民国113年6月25日", "发文字号：某字第1号", *pages.BODY]) == (
        DAY,
        "signature",
    )
    assert published(body=["会议时间：2024年6月25日", *pages.BODY]) is None


def test_a_dateline_goes_as_far_as_it_does() -> None:
    assert published(body=[f"某社松岭6月25日电 {pages.FIRST}"]) == ("--06-25", "dateline")
    assert published(body=[f"某社松岭2024年6月25日电 {pages.FIRST}"]) == (DAY, "dateline")


@pytest.mark.parametrize("zero", ["0001-01-01T00:00:00", "1970-01-01 08:00:00", "1900-01-01", "0"])
def test_zero_values_are_no_dates(zero: str) -> None:
    assert published(meta={"pubdate": zero}) is None
    assert published(meta={"pubdate": zero}, header=["2024-06-25 14:15"]) == (
        "2024-06-25T14:15+08:00",
        "byline",
    )


def test_two_sources_outweigh_one_that_disagrees() -> None:
    meta = {"pubdate": "2009-03-01"}
    assert published(meta=meta, header=["2024-06-25 14:15"], url="http://a.example/20240625/1.html") == (
        "2024-06-25T14:15+08:00",
        "byline",
    )


def test_text_outweighs_the_templates_date() -> None:
    body = [f"某社松岭6月25日电 {pages.FIRST}", *pages.BODY, "2024年6月25日"]
    assert published(meta={"pubdate": "2009-03-01"}, body=body) == (DAY, "signature")
    assert published(meta={"pubdate": "2024-06-27"}, body=body) == ("2024-06-27", "meta")


def test_a_confirmed_date_stays() -> None:
    meta = {"ld:datepublished": "2024-06-25", "pubdate": "2024-06-25"}
    url = "http://a.example/20240627/1.html"
    assert published(meta=meta, header=["2024-06-27 14:15"], url=url) == (DAY, "json-ld")


def test_the_surest_date_is_taken_as_fine_as_another_gives_it() -> None:
    assert published(meta={"pubdate": DAY}, header=["2024-06-25 14:15"]) == (
        "2024-06-25T14:15+08:00",
        "byline",
    )
    assert published(meta={"pubdate": "2024-06"}, header=["2024-06-25"]) == (DAY, "plain")
    assert published(header=["发布时间：06-25 14:15"], url="http://a.example/20240625/1.html") == (DAY, "url")


def test_a_time_of_the_same_day_tells_the_time_of_day() -> None:
    meta = {"time:other": "2024-06-25T14:15:00+08:00"}
    assert published(meta=meta) is None
    assert published(meta=meta, header=["2024-06-25 来源：松岭日报"]) == ("2024-06-25T14:15+08:00", "byline")
    assert published(meta=meta, header=["2024-06-24 来源：松岭日报"]) == ("2024-06-24", "byline")


def test_local_time_that_a_system_calls_utc_is_local() -> None:
    meta = {"article:published_time": "2024-06-25T20:15:00+00:00"}
    assert published(meta=meta) == ("2024-06-26T04:15+08:00", "meta")
    assert published(meta=meta, header=["2024-06-25 20:15"]) == ("2024-06-25T20:15+08:00", "byline")


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ("2024-06-25 11:00", "2024-06-25T11:00+08:00"),
        ("2024-06-25 11:30", "2024-06-25"),  # the page's clock is ahead of ours
        ("2024-06-25", "2024-06-25"),
        ("2024-06-26", None),
        ("2024-07", None),
        ("2025", None),
        ("2024", "2024"),
    ],
)
def test_no_date_is_later_than_the_fetch(value: str, known: str | None) -> None:
    found = published(meta={"pubdate": value}, fetched_at=datetime(2024, 6, 25, 3, 4, tzinfo=UTC))
    assert (found[0] if found else None) == known


def test_each_basis_is_documented_in_its_rank() -> None:
    assert list(KINDS["bases"]) == [basis.value for basis in Basis]
