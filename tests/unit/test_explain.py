"""`isowire explain`: every fact stands marked where it was read, with what made it."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from schemas.raw import RawArticle
from services.alert.rules import DEFAULT_RULES_FILE, load_rules
from services.cli.explain.explained import Explained, explain
from services.cli.explain.marks import DISMISSED, EVENT, Mark, pieces
from services.cli.main import app
from services.runtime.outcome import Rejected

ARTICLE = (
    "砚川新闻网5月18日讯（记者 尹知远）5月18日，砚川市人民医院核医学诊疗中心正式启用，"
    "砚川市人民医院院长谷明达出席启用仪式并介绍情况，中心投资1.2亿元，配备<PET/CT>2台，开展镥-177核素治疗。\n"
    "院长谷明达否认医院将与砺石医药签署合作协议。"
)


@pytest.fixture
def explained() -> Explained:
    raw = RawArticle(body=ARTICLE.encode(), source_id="test", fetched_at=datetime(2026, 6, 1, tzinfo=UTC))
    found = explain("page.txt", raw, load_rules(DEFAULT_RULES_FILE))
    assert not isinstance(found, Rejected)
    return found


def test_every_fact_is_marked_where_it_stands(explained: Explained) -> None:
    marked = {(mark.kind, explained.evidence(mark)) for mark in explained.marks}
    assert {
        ("person", "谷明达"),
        ("org", "砚川市人民医院"),
        ("money", "1.2亿元"),
        ("nuclide", "镥-177"),
        ("date", "5月18日"),
        ("device", "PET/CT"),
        ("quantity", "2台"),
    } <= marked
    assert ("money", "CNY 120,000,000, investment") in {(fact.kind, fact.says) for fact in explained.facts}
    assert all(mark.made_by for mark in explained.marks)


def test_what_did_not_happen_is_told_too(explained: Explained) -> None:
    told = {mark.kind: mark for mark in explained.events}
    assert told[EVENT].says.startswith("facility_opened · occurred")
    assert "砚川市人民医院" in told[EVENT].who
    assert "denied" in told[DISMISSED].says
    assert "否认" in told[DISMISSED].made_by
    assert explained.alerts == "facility-milestone"


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9), st.sampled_from(["org", EVENT]))))
def test_pieces_joined_are_the_text(spans: list[tuple[int, int, str]]) -> None:
    body = "核医学诊疗中心正式启用并投入使用共有三十个字符来做这个测试用"[:30]
    found = [Mark(start, min(30, start + size), kind, "", "") for start, size, kind in spans]
    shown = pieces(body, found)
    assert "".join(piece.text for piece in shown) == body
    at = 0
    for piece in shown:
        over = [m for m in found if m.start <= at and at + len(piece.text) <= m.end]
        assert len(piece.events) == sum(mark.kind == EVENT for mark in over)
        assert (piece.fact is not None) == any(mark.kind == "org" for mark in over)
        at += len(piece.text)


class Text(HTMLParser):
    """Collects the text of the article, and fails on tags that do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.titles: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.titles += [value for name, value in attrs if name == "title" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "p" in self.open:
            self.text += data


def test_the_web_page_holds_the_text_and_the_reasons(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "empty.html").write_bytes(b"")
    target = tmp_path / "explained.html"
    result = CliRunner().invoke(app, ["explain", str(tmp_path), "--html", str(target)])
    assert result.exit_code == 0, result.output
    assert "empty.html: rejected, empty" in result.output
    page = Text()
    page.feed(target.read_text(encoding="utf-8"))
    assert page.open == []
    assert "配备<PET/CT>2台" in page.text
    assert any("because of the form of an amount" in title for title in page.titles)


def test_the_terminal_shows_both(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(ARTICLE, encoding="utf-8")
    result = CliRunner().invoke(app, ["explain", str(tmp_path / "page.txt")])
    assert result.exit_code == 0, result.output
    assert "core:" in result.output
    assert "alerts: facility-milestone" in result.output
    assert "dismissed:" in result.output
