from __future__ import annotations

import base64
import io
import os
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from schemas.raw import RawArticle
from services.ingest import folder
from services.ingest.fetch import MAX_BODY_BYTES
from services.ingest.jsonlines import BadLine, Line, open_at, read_lines
from services.ingest.payload import MAX_JSON_BYTES
from services.runtime.metrics import SourceError

NOON = datetime(2024, 6, 25, 12, tzinfo=UTC)


def lines(data: bytes, *, complete: bool = False) -> list[Line]:
    return list(read_lines(io.BytesIO(data), "sample", NOON, complete=complete))


def test_each_form_of_a_page() -> None:
    raw = "正文".encode("gbk")
    objects = [
        {"url": "http://a.example/1", "html": "<p>甲</p>", "fetched_at": "2024-06-25T08:00:00+08:00"},
        {"text": "乙"},
        {"body_base64": base64.b64encode(raw).decode(), "content_type": "text/html; charset=gbk"},
    ]
    found = [line.page for line in lines(b"".join(orjson.dumps(o) + b"\n" for o in objects))]
    html, text, binary = [page for page in found if isinstance(page, RawArticle)]
    assert (html.url, html.body.decode(), html.content_type) == (
        "http://a.example/1",
        "<p>甲</p>",
        "text/html; charset=utf-8",
    )
    assert html.fetched_at == datetime(2024, 6, 25, tzinfo=UTC)
    assert (text.body.decode(), text.content_type, text.fetched_at) == (
        "乙",
        "text/plain; charset=utf-8",
        NOON,
    )
    assert (binary.body, binary.content_type) == (raw, "text/html; charset=gbk")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"not json", "no JSON"),
        (b"[]", "dictionary"),
        (b"{}", "exactly one"),
        (b'{"text": "a", "html": "b"}', "exactly one"),
        (b'{"text": "a", "url": "file:///etc/passwd"}', "only http and https"),
        (b'{"text": "a", "fetched_at": "2024-06-25T08:00:00"}', "timezone"),
        (b'{"text": "a", "colour": "red"}', "colour"),
        (b'{"body_base64": "***"}', "base64"),
        (b'\xff{"text": "a"}', "no JSON"),
    ],
)
def test_a_bad_line_has_its_number_and_the_next_one_goes_on(line: bytes, why: str) -> None:
    first, bad, last = lines(b'{"text": "a"}\n' + line + b'\n{"text": "b"}\n')
    assert isinstance(bad.page, BadLine)
    assert bad.page.number == 2
    assert why in bad.page.detail
    assert isinstance(first.page, RawArticle)
    assert isinstance(last.page, RawArticle)
    assert last.end == len(line) + 29


def test_a_line_that_is_too_long_is_passed_over() -> None:
    data = b'{"text": "' + b"x" * MAX_JSON_BYTES + b'"}\n{"text": "b"}\n'
    bad, good = lines(data)
    assert isinstance(bad.page, BadLine)
    assert bad.page.reason is SourceError.TOO_LARGE
    assert isinstance(good.page, RawArticle)
    assert good.end == len(data)


def test_a_page_over_the_limit_in_a_line_that_is_not() -> None:
    (line,) = lines(b'{"text": "' + b"x" * (MAX_BODY_BYTES + 1) + b'"}\n')
    assert isinstance(line.page, BadLine)
    assert line.page.reason is SourceError.TOO_LARGE


def test_a_line_without_its_end_waits_unless_nothing_more_can_come() -> None:
    data = b'{"text": "a"}\n{"text": "b"}'
    assert len(lines(data)) == 1
    assert len(lines(data, complete=True)) == 2


def test_empty_lines_are_no_pages() -> None:
    assert [line.page for line in lines(b"\n  \n")] == [None, None]


def test_a_file_that_became_shorter_is_read_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b"0123456789")
    for position, start in ((4, 4), (10, 10), (11, 0)):
        stream, begun = open_at(path, position)
        with stream:
            assert (begun, stream.tell()) == (start, start)


def test_a_scan_finds_pages_only(tmp_path: Path) -> None:
    for name in ("b.HTML", "a.txt", ".hidden.html", "c.pdf"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "link.html").symlink_to("/etc/passwd")
    for seconds, name in enumerate(("b.HTML", "a.txt")):
        os.utime(tmp_path / name, (seconds, seconds))
    assert [drop.path.name for drop in folder.scan(tmp_path)] == ["b.HTML", "a.txt"]


def test_a_file_is_taken_once_it_no_longer_changes(tmp_path: Path) -> None:
    growing, still = tmp_path / "growing.html", tmp_path / "still.html"
    growing.write_bytes(b"x")
    still.write_bytes(b"x")
    before = folder.scan(tmp_path)
    growing.write_bytes(b"xx")
    assert [drop.path for drop in folder.settled(before, folder.scan(tmp_path))] == [still]
    assert folder.settled([], before) == []


def test_a_file_over_the_limit_is_an_outcome(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    path.write_bytes(b"x" * (MAX_BODY_BYTES + 1))
    bad = folder.read(path, "drop", NOON)
    assert isinstance(bad, folder.BadFile)
    assert bad.reason is SourceError.TOO_LARGE


def test_a_file_put_away_does_not_replace_another(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        (tmp_path / "page.html").write_bytes(content)
        (drop,) = folder.scan(tmp_path)
        folder.put_away(drop, folder.DONE)
    assert {path.read_bytes() for path in (tmp_path / "done").iterdir()} == {b"first", b"second"}
