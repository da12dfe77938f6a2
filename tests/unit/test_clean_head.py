"""What the head of a page says of its article, and what of it is kept."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from services.clean.metadata.head import SELECTOR, names, read_head, read_state


def head_of(source: str) -> dict[str, str]:
    return read_head(LexborHTMLParser(f"<html><head>{source}</head><body></body></html>").css(SELECTOR))


def body_of(source: str) -> dict[str, str]:
    return read_head(LexborHTMLParser(f"<html><body>{source}</body></html>").css(SELECTOR))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<meta name="PubDate" content=" 2024-06-25  14:15 ">', {"pubdate": "2024-06-25 14:15"}),
        ('<meta property="og:title" content="某题">', {"og:title": "某题"}),
        ('<meta itemprop="datePublished" content="2024-06-25">', {"datepublished": "2024-06-25"}),
        ('<meta name="date" content="甲"><meta name="date" content="乙">', {"date": "甲"}),
        ("<title> 某题\n 某网 </title>", {"title": "某题 某网"}),
        ('<meta name="viewport" content="width=device-width"><meta name="keywords" content="甲">', {}),
        ('<meta name="pubdate" content="">', {}),
        (f'<meta name="author" content="{"长" * 501}">', {}),
    ],
)
def test_meta_and_title(source: str, expected: dict[str, str]) -> None:
    assert head_of(source) == expected


@pytest.mark.parametrize(
    ("json", "expected"),
    [
        (
            (
                '{"@type":"NewsArticle","headline":"某题","datePublished":"2024-06-25","articleSection":["要闻"],'
                '"publisher":{"name":"某网"},"author":[{"name":"何小满"},{"name":"于子期"}]}'
            ),
            {
                "ld:headline": "某题",
                "ld:datepublished": "2024-06-25",
                "ld:publisher": "某网",
                "ld:author": "何小满 于子期",
                "ld:section": "要闻",
            },
        ),
        (
            '{"@graph":[{"@type":"WebSite"},{"@type":"BlogPosting","headline":"某题"}]}',
            {"ld:headline": "某题"},
        ),
        (
            '{"@id":"http://a.example/1","title":"某题","pubDate":"2024-06-25T14:15:00"}',
            {"ld:headline": "某题", "ld:datepublished": "2024-06-25T14:15:00"},
        ),
        ('{"@type":"WebSite","headline":"某站"}', {}),
        (
            '{"@type":"NewsArticle","headline":"某题","description":"断\n行","datePublished":"2024-06-25"}',
            {"ld:headline": "某题", "ld:datepublished": "2024-06-25"},
        ),
        ('{"@type":"NewsArticle","headline":null,"author":[1,null]}', {}),
        ("[]", {}),
        ("no json", {}),
    ],
)
def test_linked_data(json: str, expected: dict[str, str]) -> None:
    assert head_of(f'<script type="application/ld+json">{json}</script>') == expected


def test_the_time_of_wechat_stands_in_a_script() -> None:
    script = '<script>var ct = "1719296100"; var other = 1;</script>'
    assert body_of(f'<a id="js_name"> 某某发布 </a>{script}') == {
        "account": "某某发布",
        "wechat:ct": "1719296100",
    }
    assert body_of(script) == {}


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (
            '<time itemprop="datePublished" datetime="2024-06-25T14:15+08:00">今天</time>',
            "2024-06-25T14:15+08:00",
        ),
        ('<time pubdate datetime="2024-06-25">今天</time>', "2024-06-25"),
        ('<time class="entry-date published" datetime="2024-06-25">今天</time>', "2024-06-25"),
        ('<time datetime="2024-06-25">评论于今天</time>', None),
    ],
)
def test_only_the_articles_own_time_is_read(element: str, expected: str | None) -> None:
    assert body_of(element).get("time:datetime") == expected


def test_no_name_of_a_change_is_read() -> None:
    told = {*names("published"), *names("created")}
    assert not told & {
        "article:modified_time",
        "og:updated_time",
        "lastmodified",
        "ld:datemodified",
        "expires",
    }


@pytest.mark.parametrize(
    "post",
    [
        '<em id="authorposton12">发表于 2024-6-25 14:15:33</em>',
        '<em id="authorposton12">发表于 <span title="2024-6-25 14:15:33">3 天前</span></em>',
    ],
)
def test_the_first_post_of_a_thread_is_dated(post: str) -> None:
    reply = '<em id="authorposton13">发表于 2024-7-1 10:11:12</em>'
    assert body_of(post + reply)["time:posted"].endswith("2024-6-25 14:15:33")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (
            '{"article":{"ptime":"2024-06-25 14:15:00","media":{"name":"松岭报"}},"x":[{"ptime":"2025"}]}',
            {"state:published": "2024-06-25 14:15:00", "state:site": "松岭报"},
        ),
        (
            '{"publish_time":1719296100,"siteName":"松岭网"}',
            {"state:published": "1719296100", "state:site": "松岭网"},
        ),
        ('{"updateTime":"2024-06-25","name":"松岭网"}', {}),
    ],
)
def test_the_state_of_a_script_is_read(state: str, expected: dict[str, str]) -> None:
    assert read_state(f"<script>window.__STATE__={state}</script>") == expected
