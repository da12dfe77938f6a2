from __future__ import annotations

import pytest

from services.clean.metadata import people, press
from services.clean.metadata.byline import read_byline
from services.clean.metadata.publisher import noticed_sites, told_sites
from services.clean.sorting.credits import credit_kind, credit_tail
from tests.unit import clean_pages as pages

EXPECTED = {
    "PORTAL": ("2024-03-12T18:22+08:00", "虚浪网", "松岭日报", [], "周小棠"),
    "PAPER": ("2022-11-30T08:31+08:00", "民众网", "民众日报", ["何小满", "于子期"], "方朵朵"),
    "GOVERNMENT": ("2021-05-06T16:20+08:00", "松岭市人民政府", "市生态环境局", [], None),
    "WECHAT": ("2024-01-15T19:30+08:00", "松岭发布", "松岭市卫生健康委", [], "方朵朵"),
    "FORUM": ("2020-03-04T21:07+08:00", "松岭论坛", None, [], None),
    "OLD": ("2003-09-12", "松岭晚报", None, ["何小满"], None),
    "FLATTENED": ("2024-06-25T14:15+08:00", "松岭在线", "松岭日报", [], "方朵朵"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_page_says_of_itself(name: str) -> None:
    article = pages.cleaned(getattr(pages, name))
    found = (article.published, article.publisher, article.source, article.reporters, article.editor)
    assert found == EXPECTED[name]


def test_what_a_page_does_not_say_is_null() -> None:
    article = pages.cleaned("\n".join(pages.BODY))
    assert (article.title, article.published, article.publisher, article.source) == (None, None, None, None)
    assert (article.reporters, article.editor) == ([], None)


def test_a_medium_alone_above_the_date_is_the_publisher() -> None:
    above = "<div><p>{}</p><p>2024-06-25 14:15</p></div>"
    page = f"<html><h1>{pages.TITLE}</h1>{above}<div>{pages.paragraphs()}</div></html>"
    assert pages.cleaned(page.format("松岭晚报")).publisher == "松岭晚报"
    assert pages.cleaned(page.format("何小满")).publisher is None


def test_a_dateline_gives_no_year() -> None:
    article = pages.cleaned("\n".join([f"松岭网湖口9月2日电（记者 何小满）{pages.FIRST}", *pages.BODY[1:]]))
    assert (article.published, article.published_basis) == ("--09-02", "dateline")
    assert (article.publisher, article.source, article.reporters) == ("松岭网", None, ["何小满"])


def test_an_agencys_dateline_names_the_source() -> None:
    article = pages.cleaned(
        "\n".join([f"新华社松岭9月2日电（记者何小满、于子期）{pages.FIRST}", *pages.BODY[1:]])
    )
    assert (article.source, article.reporters) == ("新华社", ["何小满", "于子期"])


def test_a_related_links_date_is_not_the_pages() -> None:
    page = f"<html><h1>{pages.TITLE}</h1><div>{pages.paragraphs()}</div><ul>{pages.RELATED}</ul></html>"
    assert pages.cleaned(page).published is None


def test_a_date_after_the_fetch_is_none() -> None:
    page = pages.FLATTENED.replace("2024年06月25日", "2031年06月25日")
    assert pages.cleaned(page).published is None


def test_a_trading_site_publishes_nothing() -> None:
    page = pages.PORTAL.replace("虚浪财经_虚浪网", "要闻_顺通达五金轴承网").replace(
        "虚浪网", "顺通达五金轴承网"
    )
    article = pages.cleaned(page)
    assert (article.publisher, article.source) == (None, "松岭日报")


@pytest.mark.parametrize(
    ("line", "publisher", "source", "reporters", "editor"),
    [
        ("2024年06月25日 14:15 来源:松岭日报 编辑:方朵朵", None, "松岭日报", [], "方朵朵"),
        ("松岭在线  发布时间:2025-12-22 09:05 编辑:方朵朵", "松岭在线", None, [], "方朵朵"),
        ("城事松岭在线  发布时间:2025-08-24", "松岭在线", None, [], None),
        ("2025-03-13 | 松岭晚报 | 记者 何小满", "松岭晚报", None, ["何小满"], None),
        ("2025-06-03 09:41 | Songling Wire | By Ada Loquist", "Songling Wire", None, ["Ada Loquist"], None),
        ("2025-11-17 09:30 来源：本站 浏览：1204次", None, None, [], None),
        ("〔记者何小满／松岭报导〕2025-01-02", None, None, ["何小满"], None),
        ("凡本网注明“来源：松岭网”的作品，2024-01-01起版权归本网", None, None, [], None),
        ("今天是2026年11月21日 星期六", None, None, [], None),
        (
            "2024-05-06 10:11 来源: 松岭日报 作者: 何小满 责任编辑: 方朵朵",
            None,
            "松岭日报",
            ["何小满"],
            "方朵朵",
        ),
        ("记者 何小满 松岭晚报 2024年5月6日", "松岭晚报", None, ["何小满"], None),
        ("2024-05-06 来源：松岭市人民医院 作者：宣传科", None, "松岭市人民医院", [], None),
        ("2024-05-06 作者：党委宣传部 来源：松岭医科大学", None, "松岭医科大学", [], None),
        ("2024-05-06  来源：松岭日报  字号：[大 中 小]", None, "松岭日报", [], None),
        ("2024-05-06 15:30:21来源:松岭发布作者:何小满责编:方朵朵", None, "松岭发布", ["何小满"], "方朵朵"),
        ("时间:2024-05-06 10:11来源:未知 作者:admin 点击:次", None, None, [], None),
        (
            "[ 作者：何小满 转贴自：本站原创 更新时间：2024-5-6 文章录入：admin ]",
            None,
            None,
            ["何小满"],
            None,
        ),
        ("2024-05-06 | 发布者: 松岭老张 | 查看: 1234| 来自: 松岭晚报", None, "松岭晚报", [], None),
        ("2024-05-06 10:11 松岭报 记者何小满／松岭报导", "松岭报", None, ["何小满"], None),
        ("2024-05-06 10:11 松岭网讯", "松岭网", None, [], None),
        ("2024-05-06 发布机构：松岭市卫健委", "松岭市卫健委", None, [], None),
        ("By Ada Loquist, Songling Daily | Updated: 2024-06-25 09:41", None, None, ["Ada Loquist"], None),
        # what stands beside a date and names nobody
        ("发稿时间：2024-05-06 10:11", None, None, [], None),
        ("2024-05-06 10:11 来源：松岭网 参与互动(0)", None, "松岭网", [], None),
        ("2024-05-06 10:11 星期一", None, None, [], None),
        ("Posted: 2024-05-06 10:11", None, None, [], None),
        ("2024-05-06 10:11 何小满", None, None, [], None),
        ("2024-05-06 宣传部", None, None, [], None),
        ("2024-05-06 08:30 来源：松岭日报（记者 何小满）", None, "松岭日报", ["何小满"], None),
    ],
)
def test_bylines(
    line: str, publisher: str | None, source: str | None, reporters: list[str], editor: str | None
) -> None:
    found = read_byline(line)
    assert (found.publisher, found.source, found.authors.reporters, found.editor) == (
        publisher,
        source,
        reporters,
        editor,
    )


def test_the_fullest_list_of_authors_is_taken() -> None:
    byline = "<p>2024-06-25 10:11 记者 何小满</p>"
    text = f"<p>松岭网讯（记者 何小满 通讯员 于子期）{pages.FIRST}</p><p>{pages.SECOND}</p>"
    article = pages.cleaned(f"<html><h1>{pages.TITLE}</h1>{byline}<div>{text}</div></html>")
    assert (article.reporters, article.correspondents) == (["何小满", "于子期"], ["于子期"])


def test_a_bracket_at_the_end_names_the_reporters() -> None:
    assert credit_tail("项目计划年底完工。（记者 何小满 于子期）") == (9, "byline")
    assert credit_kind("（本报记者 何小满）") == "byline"
    assert credit_kind("（记者从市卫健委获悉）") is None


@pytest.mark.parametrize(
    ("text", "reporters", "correspondents"),
    [
        ("某网10月22日电（记者 何小满 通讯员 于子期）昨日", ["何小满", "于子期"], ["于子期"]),
        (
            "某报讯（通讯员于子期、方朵朵 记者何小满）昨日",
            ["于子期", "方朵朵", "何小满"],
            ["于子期", "方朵朵"],
        ),
        ("某报讯（通讯员 于子期）昨日", ["于子期"], ["于子期"]),
        ("某网6月6日电 (何小满 于子期 方朵朵)6月6日", ["何小满", "于子期", "方朵朵"], []),
        ("某网6月6日讯（本报记者何小满 摄影报道）", ["何小满"], []),
        ("某网6月6日讯（本报记者何小满 松岭报道）", ["何小满"], []),
        ("记者何小满／松岭报导", ["何小满"], []),
        ("（记者何小满/松岭报导）昨日", ["何小满"], []),
        ("文／何小满", ["何小满"], []),
        ("文／何小满 昨日松岭有雨", [], []),
        ("（松岭社记者何小满石桥六日电）昨日", ["何小满"], []),
        ("据松岭日报报道，昨日", [], []),
        ("文/图书馆藏有何小满的手稿。", [], []),
        ("（记者从市卫健委获悉）", [], []),
        ("公司（以下简称“松岭医药”）6月6日公告", [], []),
    ],
)
def test_authors_at_the_head_of_a_text(text: str, reporters: list[str], correspondents: list[str]) -> None:
    assert people.in_dateline(text) == people.Authors(reporters, correspondents)


@pytest.mark.parametrize(
    ("marked", "line", "reporters"),
    [
        ("何小满", "何小满 2024-06-25", ["何小满"]),
        ("Tobias Renn", "Tobias Renn · 25 June 2024", ["Tobias Renn"]),
        ("何小满", "某县推进改造 于子期", []),
        ("", "何小满", []),
    ],
)
def test_an_author_that_is_marked_counts_where_he_is_shown(
    marked: str, line: str, reporters: list[str]
) -> None:
    assert people.linked(marked, [line]).reporters == reporters


@pytest.mark.parametrize(
    ("line", "reporters", "correspondents"),
    [
        ("记者：何小满 通讯员：于子期 2024-06-25", ["何小满", "于子期"], ["于子期"]),
        ("通讯员 于子期 方朵朵 文/图", ["于子期", "方朵朵"], ["于子期", "方朵朵"]),
        ("2024-06-25 来源：松岭日报 通讯员：于子期", ["于子期"], ["于子期"]),
        ("文/何小满 于子期", ["何小满", "于子期"], []),
        ("松岭观察记者 何小满 于子期", ["何小满", "于子期"], []),
        ("松岭晚报记者 何小满 通讯员 于子期", ["何小满", "于子期"], ["于子期"]),
        ("本报记者 何小满 松岭报道", ["何小满"], []),
        ("本报记者从市卫健委获悉", [], []),
    ],
)
def test_authors_in_a_byline(line: str, reporters: list[str], correspondents: list[str]) -> None:
    assert people.in_byline(line) == people.Authors(reporters, correspondents)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("松岭网正文", ["松岭网"]),
        ("关注“松岭发布”微信公众号", ["松岭发布"]),
        ("Copyright © 2001-2024 松岭网 All Rights Reserved", ["松岭网"]),
        ("松岭市人民政府 版权所有", ["松岭市人民政府"]),
        ("2024 © 松岭日报社. 保留一切权利", ["松岭日报社"]),
        ("本文仅代表作者个人观点，与松岭网无关。", ["松岭网"]),
        ("网友评论仅供表达个人看法，并不表明松岭新闻网同意其观点", ["松岭新闻网"]),
        ("打开松岭晚报客户端，看更多本地新闻", ["松岭晚报"]),
        ("本文不代表本网立场", []),
        ("本站只提供存储，与本站无关", []),
        ("创作图文 版权所有", []),
        ("打开微信客户端", []),
    ],
)
def test_notices_name_the_site(line: str, names: list[str]) -> None:
    assert noticed_sites([line]) == names


@pytest.mark.parametrize(
    ("meta", "names"),
    [
        ({"og:site_name": "松岭网"}, ["松岭网"]),
        ({"account": "松岭发布", "og:site_name": "微信公众平台"}, ["松岭发布"]),
        ({"og:site_name": "百家号"}, []),
        ({"og:site_name": "songling.com"}, []),
        ({"title": "松岭 - 松山百科，自由的百科全书"}, ["松山百科"]),
        ({"og:site_name": "老张的家_蓝天"}, []),
        ({"ld:publisher": "Songling Wire"}, ["Songling Wire"]),
        ({"title": f"{pages.TITLE}_要闻_松岭网"}, ["松岭网"]),
        ({"title": f"{pages.TITLE}_要闻"}, []),
    ],
)
def test_the_head_names_the_site(meta: dict[str, str], names: list[str]) -> None:
    assert told_sites(meta, []) == names


def test_a_dateline_is_split_into_medium_and_place() -> None:
    assert press.without_place("松岭网上海") == "松岭网"
    assert press.without_place("松岭新闻湖口") == "松岭新闻"
