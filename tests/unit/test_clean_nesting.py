"""Pages that are nested to cost time are told before they are parsed; the untidiest real ones are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas.raw import RawArticle
from services.clean.clean import clean
from services.clean.page.nesting import LARGE, MAX_DEPTH, too_deep
from services.runtime.outcome import Rejected

FILL = "示" * LARGE
DEEP = MAX_DEPTH + 1


@pytest.mark.parametrize(
    "tags", ["<div>", "<ul><li>", "<DIV class='a'>", "<b></p>", "<a href=x><div>", "<i/>"]
)
def test_more_open_elements_than_anybody_writes_are_too_deep(tags: str) -> None:
    assert too_deep(tags * DEEP + FILL)
    assert not too_deep(tags * 20 + FILL)


def test_what_is_closed_is_not_open() -> None:
    assert not too_deep("<div><b>示例</b></div>" * DEEP + FILL)
    assert not too_deep("<p>示例<br><td>例<li>示" * DEEP + FILL)
    assert too_deep("<div>" * DEEP + "</div>" * DEEP + FILL)
    assert not too_deep("<divide>" * DEEP + FILL)


def test_small_pages_are_not_even_looked_at() -> None:
    assert not too_deep("<b>" * DEEP)


def test_a_page_too_deep_is_refused() -> None:
    body = "<html><body>" + "<div>示例市核医学中心今日开诊，首批患者已经完成检查。" * DEEP
    outcome = clean(RawArticle(body=body.encode(), source_id="test", fetched_at=datetime.now(UTC)))
    assert outcome == Rejected("too_large", "elements nested too deep")
