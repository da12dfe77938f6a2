"""The title of a page and its column: what is taken off, what stays, and which source is believed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.clean.metadata.column import read_column
from services.clean.metadata.crumbs import crumbs
from services.clean.metadata.title import read_title, suffixes, without_site
from tests.unit.clean_pages import TITLE


@pytest.mark.parametrize(
    ("title", "short"),
    [
        (f"{TITLE}_要闻_松岭网", TITLE),
        (f"{TITLE}_松岭要闻_松岭网", TITLE),
        (f"{TITLE} _探索者 _松岭网", TITLE),
        (f"{TITLE} - 松岭晚报", TITLE),
        (f"{TITLE}-松岭新闻网", TITLE),
        (f"{TITLE} | 社会 | 松岭新闻网 SONG.COM", TITLE),
        (f"{TITLE}--健康--松岭网", TITLE),
        (f"{TITLE}——松岭网", TITLE),
        (f"{TITLE} - 本地杂谈 - 松岭论坛 - Powered by Discuz!", TITLE),
        (f"{TITLE} - songling.com.cn", TITLE),
        (f"{TITLE} :: 松岭网 ::", TITLE),
        (f"{TITLE}_", TITLE),
        (f"松岭网_{TITLE}_松岭网", TITLE),
        ("镥-177新药获批临床", "镥-177新药获批临床"),
        ("速览|三份协议落笔", "速览|三份协议落笔"),
        ("PET/CT - 一台机器的前半生", "PET/CT - 一台机器的前半生"),
        ("2024-2035年规划发布", "2024-2035年规划发布"),
        ("Songling opens plant - Songling Daily", "Songling opens plant"),
    ],
)
def test_what_is_the_sites_is_taken_off(title: str, short: str) -> None:
    assert without_site(title) == short


def test_a_known_site_is_taken_off_whatever_its_name() -> None:
    assert without_site(f"{TITLE}-松岭之窗", ["松岭之窗"]) == TITLE
    assert without_site(f"松岭之窗-{TITLE}", ["松岭之窗"]) == TITLE
    assert without_site(f"{TITLE}-松岭之窗") == f"{TITLE}-松岭之窗"


@pytest.mark.parametrize("title", ["松岭 - 松山百科，自由的百科全书", "松岭_松山百科"])
def test_an_encyclopedias_entry_is_the_title(title: str) -> None:
    assert read_title(["松岭", "历史沿革"], {"title": title}, []) == "松岭"


def test_suffixes_are_told_last_first() -> None:
    assert suffixes(f"{TITLE}_要闻_松岭网") == ("松岭网", "要闻")


@pytest.mark.parametrize(
    ("headings", "meta", "expected"),
    [
        ([TITLE], {"title": f"{TITLE}_松岭网"}, TITLE),
        ([], {"og:title": TITLE, "title": "松岭网"}, TITLE),
        ([], {"title": f"{TITLE}_要闻_松岭网"}, TITLE),
        ([TITLE], {}, TITLE),
        ([TITLE], {"title": "松岭网"}, TITLE),
        # the head has another layout of the same words, or only their beginning
        ([f"“{TITLE}”"], {"title": f"{TITLE}_松岭网"}, f"“{TITLE}”"),
        ([f"{TITLE} 明年起供药"], {"title": f"{TITLE}..."}, f"{TITLE} 明年起供药"),
        ([f"{TITLE} 明年起供药"], {"title": f"{TITLE}...-松岭网"}, f"{TITLE} 明年起供药"),
        ([TITLE], {"title": f"松岭网：{TITLE}"}, TITLE),
        # the office on its own page is no title, though its notice begins with its name
        (
            ["松岭市人民政府"],
            {"title": "松岭市人民政府关于印发放射性药物供应保障方案的通知"},
            "松岭市人民政府关于印发放射性药物供应保障方案的通知",
        ),
        (["松岭肿瘤医院"], {"title": "松岭肿瘤医院 - 松岭百科"}, "松岭肿瘤医院"),
        # a heading that the head does not know is of something else
        (["松岭之窗欢迎您"], {"og:title": TITLE, "title": f"{TITLE}_松岭网"}, TITLE),
        (["热门排行", TITLE], {"title": f"{TITLE}_松岭网"}, TITLE),
        # the class of a thread
        ([f"[杂谈] {TITLE}"], {"title": f"{TITLE} - 松岭论坛"}, TITLE),
        # two of the head's titles outvote one
        ([], {"ld:headline": "松岭之窗手机版", "og:title": TITLE, "title": f"{TITLE}_松岭网"}, TITLE),
        # never a site, a channel, a spammer's list
        ([], {"title": "松岭网"}, None),
        ([], {"title": "要闻"}, None),
        (["松岭晚报电子版"], {"title": "松岭晚报电子版"}, None),
        ([], {}, None),
    ],
)
def test_which_title_is_believed(headings: Sequence[str], meta: dict[str, str], expected: str | None) -> None:
    assert read_title(headings, meta, ["松岭网", "松岭之窗"]) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("首页 > 要闻 > 正文", ["首页", "要闻", "正文"]),
        ("您当前的位置：松岭网首页 >> 健康频道 >> 正文", ["松岭网首页", "健康频道", "正文"]),
        ("当前位置: 首页 » 政务公开 » 通知公告", ["首页", "政务公开", "通知公告"]),
        ("所在位置：首页/新闻中心/工作动态", ["首页", "新闻中心", "工作动态"]),
        ("松岭市今日天气晴", []),
        ("一" * 50 + " > " + "二" * 50, []),
    ],
)
def test_bread_crumbs(line: str, expected: list[str]) -> None:
    assert crumbs(line) == expected


@pytest.mark.parametrize(
    ("meta", "lines", "expected"),
    [
        ({"columnname": "工作动态"}, ["首页 > 新闻中心 > 正文"], "工作动态"),
        ({"article:section": "社会"}, [], "社会"),
        ({"ld:section": "松岭网_社会"}, [], "社会"),
        ({}, ["首页 > 新闻中心 > 工作动态 > 正文"], "工作动态"),
        ({}, [f"首页 > 要闻 > {TITLE}"], "要闻"),
        ({"title": f"{TITLE}_健康_松岭网"}, [], "健康"),
        ({"catalogs": "5555"}, [], None),
        ({"title": f"{TITLE}_松岭网"}, ["首页 > 正文"], None),
        ({}, ["首页 > shms > 松岭网"], None),
        ({}, [], None),
    ],
)
def test_columns(meta: dict[str, str], lines: list[str], expected: str | None) -> None:
    assert read_column(meta, [crumbs(line) for line in lines], lines, TITLE, ["松岭网"]) == expected


@pytest.mark.parametrize(
    ("lines", "meta", "expected"),
    [
        (["松岭重点项目之三", TITLE], {"title": f"松岭之窗 通知公告 {TITLE}"}, TITLE),
        (["第03版：要闻", TITLE], {"title": "松岭网"}, TITLE),
        (["第03版：要闻", TITLE], {}, TITLE),
        (["配送时间有望缩短到三天", TITLE], {}, None),  # which of the two?
        (["登录 注册 返回首页 下载客户端"], {}, None),
        (["负责人说，等候时间有望缩短。"], {}, None),
    ],
)
def test_a_title_without_any_heading(lines: list[str], meta: dict[str, str], expected: str | None) -> None:
    assert read_title([], meta, ["松岭网"], lines) == expected


def test_a_spammers_title_names_no_column() -> None:
    assert read_column({"title": "某某博彩_某某娱乐城_某某棋牌_某某彩票_某某体育"}, [], [], TITLE, []) is None
