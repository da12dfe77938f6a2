"""How pages write dates: every notation, and what looks like one and is none."""

from __future__ import annotations

import pytest

from services.clean.metadata.dated import Event, dated_events
from services.clean.metadata.dates import find_date, find_dateline, find_month, find_month_day, read_stamp


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024年06月25日 14:15", "2024-06-25T14:15+08:00"),
        ("2024年06月25日14:15", "2024-06-25T14:15+08:00"),
        ("2024 年 6 月 25 日", "2024-06-25"),
        ("2024-6-5", "2024-06-05"),
        ("2024.06.25", "2024-06-25"),
        ("2024/06/05 08:03:11", "2024-06-05T08:03+08:00"),
        ("2024年6月25日14时15分", "2024-06-25T14:15+08:00"),
        ("2024年6月25日14时", "2024-06-25"),
        ("2024年6月25日 下午3:05", "2024-06-25T15:05+08:00"),
        ("2024年6月25日（星期二）上午 9时05分", "2024-06-25T09:05+08:00"),
        ("2024-06-25 中午12:30", "2024-06-25T12:30+08:00"),
        ("2024-06-25 凌晨12:30", "2024-06-25T00:30+08:00"),
        ("2024-06-25T06:15:00Z", "2024-06-25T14:15+08:00"),
        ("2024-06-25T06:15:00.000Z", "2024-06-25T14:15+08:00"),
        ("2024-06-25T14:15:00+0800", "2024-06-25T14:15+08:00"),
        ("2024-06-24T22:15:00-08:00", "2024-06-25T14:15+08:00"),
        ("2024-06-25 14:15:33 GMT+8", "2024-06-25T14:15+08:00"),
        ("2024-06-25 00:00:00", "2024-06-25"),
        ("2024-06-24T16:00:00Z", "2024-06-25"),
        ("2024 06/ 25 14:15:52", "2024-06-25T14:15+08:00"),
        ("Jun 25 Tue 2024 14:15", "2024-06-25T14:15+08:00"),
        ("民国114年12月3日 14:05", "2025-12-03T14:05+08:00"),
        ("中    华    民    国    107    年    6    月    5    日", "2018-06-05"),
        ("Friday, March 14, 2014", "2014-03-14"),
        ("中华民国一百一十四年十二月三日", "2025-12-03"),
        ("发布日期：114/12/03", "2025-12-03"),
        ("发布时间：24-06-25 14:15", "2024-06-25T14:15+08:00"),
        ("24-06-25", None),
        ("二〇二四年六月二十五日", "2024-06-25"),
        ("二○○三年九月十二日", "2003-09-12"),
        ("二零二四年十二月三十一日", "2024-12-31"),
        ("二〇二四年元月十日", "2024-01-10"),
        ("中华民国一百零四年二月三日", "2015-02-03"),
        ("民国九十四年二月三日", "2005-02-03"),
        ("２０２４年６月２５日", "2024-06-25"),
        ("二〇二四年十十月一一日", None),
        ("民国年二月三日", None),
        ("2024-06-25 14:15:00+99:99", None),
        ("June 3, 2025", "2025-06-03"),
        ("3 Jun 2025", "2025-06-03"),
        ("25th of June 2024", "2024-06-25"),
        ("Jun 25, 2024 at 3:05 p.m.", "2024-06-25T15:05+08:00"),
        ("Sept. 25, 2024 10:05 AM EDT", "2024-09-25T22:05+08:00"),
        ("Tue Jun 25 14:15:00 CST 2024", "2024-06-25T14:15+08:00"),
        ("Tue, 25 Jun 2024 06:15:00 GMT", "2024-06-25T14:15+08:00"),
        ("6/25/2003 2:15:00 PM", "2003-06-25T14:15+08:00"),
        ("6/7/2003", None),  # June or July
        ("2024年13月1日", None),
        ("2023年2月30日", None),
        ("10-20万元", None),
        ("3小时前", None),
        ("昨天 14:15", None),
        ("2024-2025学年", None),
        ("编号 12024-06-251", None),
        ("Maybe 12, 2024 units", None),
    ],
)
def test_full_dates(text: str, value: str | None) -> None:
    found = find_date(text)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("20240625", "2024-06-25"),
        ("20240625141500", "2024-06-25T14:15+08:00"),
        ("1719296100", "2024-06-25T14:15+08:00"),
        ("1719296100000", "2024-06-25T14:15+08:00"),
        ("2024-06", "2024-06"),
        ("2024年6月", "2024-06"),
        ("二〇二四年六月", "2024-06"),
        ("June 2024", "2024-06"),
        ("2024", "2024"),
        ("0000-00-00", None),
        ("２０２４年６月", "2024-06"),
        ("２０２４", "2024"),
        ("12345", None),
        ("", None),
    ],
)
def test_whole_values(value: str, date: str | None) -> None:
    found = read_stamp(value)
    assert (found.value if found else None) == date


def test_a_date_tells_how_far_it_goes() -> None:
    told = ["2024-06-25 14:15", "2024-06-25", "2024-06", "2024"]
    found = [read_stamp(value) for value in told]
    assert [date.precision for date in found if date] == ["minute", "day", "month", "year"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("06-25 14:15", "--06-25"), ("6月25日 14:15", "--06-25"), ("2月30日", None), ("2024-06-25", None)],
)
def test_dates_without_a_year(text: str, value: str | None) -> None:
    found = find_month_day(text)
    assert (found.value if found else None) == value


def test_a_month_is_none_where_a_day_follows() -> None:
    assert find_month("2024年6月25日") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("某社上海9月2日电", "--09-02"),
        ("某社上海9月2日专电", "--09-02"),
        ("某报讯 9月2日消息", "--09-02"),
        ("松岭2024年6月25日 /某社/ -- 某公司宣布", "2024-06-25"),
        ("某社松岭2003年9月12日电", "2003-09-12"),
        ("SONGLING, June 25 (Some Wire) -- A firm", "--06-25"),
        ("SONGLING, June 25, 2024 /SomeNewswire/ -- A firm", "2024-06-25"),
        ("9月2日上午，松岭市", None),
        ("The firm said on June 25 (Tuesday)", None),
    ],
)
def test_datelines(text: str, value: str | None) -> None:
    found = find_dateline(text)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("发布时间：2024-06-25", Event.PUBLISHED),
        ("时间：2024-06-25", Event.PUBLISHED),
        ("发表于 2024-06-25 14:15", Event.PUBLISHED),
        ("Published on 2024-06-25", Event.PUBLISHED),
        ("更新时间：2024-06-25", Event.CHANGED),
        ("成文日期：2024-06-25", Event.DRAWN),
        ("注册时间 2024-06-25", Event.OTHER),
        ("最后登录：2024-06-25 14:15", Event.OTHER),
        ("活动时间：2024-06-25", Event.OTHER),
        ("培训时间：2024-06-25", Event.OTHER),
        ("今天是2024年6月25日", Event.OTHER),
        ("2024-06-25 起施行", Event.OTHER),
        ("2024-06-25 至 2024-07-01", Event.OTHER),
        ("松岭老张 2024-06-25 14:15 回复", Event.OTHER),
        ("来源：松岭日报 2024-06-25", Event.NOTHING_SAID),
        ("松岭在线 2024-06-25", Event.NOTHING_SAID),
        ("在线时间：2024-06-25", Event.OTHER),
        ("开庭：2024-06-25", Event.OTHER),
        ("松岭老张 于 2024-06-25 发表评论", Event.OTHER),
    ],
)
def test_what_happened_on_a_date(line: str, event: Event) -> None:
    assert next(found for _, found in dated_events(line)) is event


def test_each_date_of_a_line_has_its_own_label() -> None:
    line = "成文日期：2024-06-01 发布日期：2024-06-05 有效期至：2029-06-30"
    assert [(date.value, event.value) for date, event in dated_events(line)] == [
        ("2024-06-01", "drawn"),
        ("2024-06-05", "published"),
        ("2029-06-30", "other"),
    ]
