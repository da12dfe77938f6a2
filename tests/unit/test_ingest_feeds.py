from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.ingest.feeds import MAX_ENTRIES, Feed, NoFeed, parse_feed
from tests.unit.ingest_web import rss

BASE = "https://news.example/feed.xml"
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>样例</title>
<entry><title>甲</title><link href="pages/1.html"/><id>urn:1</id>
<published>2024-06-25T09:00:00+08:00</published><updated>2024-06-26T09:00:00+08:00</updated></entry>
</feed>"""


def read(body: bytes, content_type: str | None = "text/xml") -> Feed:
    feed = parse_feed(body, content_type, BASE)
    assert isinstance(feed, Feed)
    return feed


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "big5"])
@pytest.mark.parametrize("content_type", ["text/xml", "application/rss+xml", "text/html", None])
def test_rss_in_the_encodings_of_chinese_sites(encoding: str, content_type: str | None) -> None:
    feed = read(rss([("中文", "/a.html")], encoding=encoding), content_type)
    assert [(entry.title, entry.url) for entry in feed.entries] == [("中文", "https://news.example/a.html")]
    assert feed.entries[0].published == datetime(2024, 6, 25, 6, 15, tzinfo=UTC)
    assert feed.flaw is None


def test_a_wrong_charset_in_the_header_keeps_the_links() -> None:
    feed = read(rss([("中文", "/a.html")], encoding="gbk"), "text/xml; charset=utf-8")
    assert [entry.url for entry in feed.entries] == ["https://news.example/a.html"]


def test_atom() -> None:
    (entry,) = read(ATOM.encode(), "application/atom+xml").entries
    assert entry.url == "https://news.example/pages/1.html"
    assert entry.published == datetime(2024, 6, 25, 1, tzinfo=UTC)
    assert entry.updated == datetime(2024, 6, 26, 1, tzinfo=UTC)


def test_a_time_without_a_zone_is_no_moment() -> None:
    body = rss([("甲", "/a")]).replace(b"Tue, 25 Jun 2024 14:15:00 +0800", b"2024-06-25 14:15:00")
    assert read(body).entries[0].published is None


def test_a_feed_that_breaks_off_gives_what_it_has() -> None:
    feed = read(rss([("甲", "/a"), ("乙", "/b")])[:-60])
    assert [entry.title for entry in feed.entries][:1] == ["甲"]
    assert feed.flaw is not None
    assert "malformed" in feed.flaw


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>moved</body></html>", b"\x00\xff\xfe\x80" * 50, b"{}", b"<rss", b"plain text"]
)
def test_what_is_no_feed(body: bytes) -> None:
    assert isinstance(parse_feed(body, "text/html", BASE), NoFeed)


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss([])).entries == []


def test_an_entity_bomb_does_not_explode() -> None:
    grow = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "x" * 10}">' for i in range(9))
    body = f'<?xml version="1.0"?><!DOCTYPE rss [{grow}]><rss version="2.0"><channel><item>'
    body += "<title>&e8;</title><link>http://a.example/1</link></item></channel></rss>"
    parsed = parse_feed(body.encode(), "text/xml", BASE)
    assert len(str(parsed)) < 10_000


def test_entries_that_lead_nowhere_or_twice_to_one_page() -> None:
    items = [
        ("甲", "/a.html"),
        ("重", "/a.html?utm_source=feed"),
        ("脚", "javascript:alert(1)"),
        ("文", "ftp://a.example/x"),
        ("空", ""),
    ]
    assert [entry.title for entry in read(rss(items)).entries] == ["甲"]


def test_a_feed_of_very_many_entries_is_cut() -> None:
    feed = read(rss([(str(i), f"/{i}.html") for i in range(MAX_ENTRIES + 100)]))
    assert len(feed.entries) == MAX_ENTRIES


def test_a_title_that_is_no_text_can_still_be_written_down() -> None:
    body = rss([("x", "/a")]).replace(b"<title>x</title>", b"<title>&#xD800; &#0; ok</title>")
    feed = parse_feed(body, "text/xml", BASE)
    assert isinstance(feed, Feed)
    for entry in feed.entries:
        assert (entry.title or "").encode()
