from __future__ import annotations

import pytest

from services.clean.clean import clean
from services.clean.page.elements import Part
from services.clean.page.flatten import flatten
from services.clean.page.html import is_html
from tests.unit import clean_pages as pages

PAGES = {
    name: getattr(pages, name)
    for name in ("PORTAL", "PAPER", "GOVERNMENT", "WECHAT", "FORUM", "OLD", "FLATTENED")
}


@pytest.mark.parametrize("name", PAGES)
def test_the_body_is_found_and_nothing_else(name: str) -> None:
    kept = [line for line in pages.cleaned(PAGES[name]).body.split("\n") if "分装线 四条" not in line]
    assert [line for line in kept if line != "项目 结果"] == pages.BODY


@pytest.mark.parametrize("name", PAGES)
def test_the_title_is_found(name: str) -> None:
    assert pages.cleaned(PAGES[name]).title == pages.TITLE


def test_rows_of_a_table_become_lines() -> None:
    assert "分装线 四条，合格" in pages.cleaned(pages.GOVERNMENT).body.split("\n")


def test_captions_stand_apart() -> None:
    assert pages.cleaned(pages.PORTAL).captions == ["配送中心外景"]
    assert pages.cleaned(pages.WECHAT).captions == ["配送中心分装线"]


def test_the_report_says_what_was_removed_and_where() -> None:
    article = pages.cleaned(pages.FLATTENED)
    for removal in article.report.removed:
        assert pages.FLATTENED[removal.start :].startswith(removal.text)
    assert {"title", "byline", "follow_us"} <= set(article.report.removed_counts)
    assert 0.5 < article.report.kept_share < 1


def test_a_page_without_article_is_told() -> None:
    article = clean(pages.raw(f"<html><body><ul>{pages.MENU}</ul></body></html>"))
    assert getattr(article, "reason", None) == "not_an_article"


def test_flattened_text_with_stray_tags_is_no_html() -> None:
    assert not is_html(f'<td id="x1"><ins id="x1"></ins></td>\n{pages.FIRST}')
    assert is_html(f"<div>{pages.FIRST}</div>" * 6)


def test_scripts_are_no_text() -> None:
    page = f"<html><script>var a = '，';</script>{pages.paragraphs()}<style>p {{color: red}}</style></html>"
    assert pages.cleaned(page).body.split("\n") == pages.BODY


def test_lines_are_broken_where_a_reader_sees_a_break() -> None:
    lines = flatten("<div><p>甲<b>乙</b></p>丙<br>丁<figure><img><figcaption>戊</figcaption></figure></div>")
    assert [(line.text, line.part) for line in lines] == [
        ("甲乙", Part.BODY),
        ("丙", Part.BODY),
        ("丁", Part.BODY),
        ("戊", Part.CAPTION),
    ]


def test_a_list_of_related_articles_ends_with_its_element() -> None:
    lines = flatten("<div><p>甲</p><div><b>相关阅读：</b>乙<br>丙</div><p>丁</p></div>")
    assert [line.text for line in lines if line.part is Part.BODY] == ["甲", "丁"]


def test_language_is_the_pages_own() -> None:
    assert pages.cleaned(pages.PORTAL).language == "zh-Hans"
    traditional = "這家醫院發佈消息說，實驗室將於年底開放，為國內產業提供檢測服務，經過學會評審後對外公佈。"
    assert pages.cleaned(traditional).language == "zh-Hant"
    english = "The hospital said on Tuesday that the centre is to open in May and serve the region."
    assert pages.cleaned(english).language == "en"


def test_carrier_is_the_host_and_never_the_publisher() -> None:
    article = pages.cleaned("\n".join(pages.BODY), url="https://tools.example.com/a.html")
    assert (article.carrier, article.publisher) == ("tools.example.com", None)
