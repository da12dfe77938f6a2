"""Bad input is an outcome: never an exception, never a hang."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from schemas.cleaned import CleanedArticle
from services.clean.clean import clean
from services.runtime.outcome import Rejected
from tests.unit import clean_pages as pages

KINDS = yaml.safe_load(Path("services/clean/data/kinds.yaml").read_text(encoding="utf-8"))
TEXT = "核医学中心当天揭牌，市民可以就近检查。"
# A step that is quadratic takes minutes.
pytestmark = pytest.mark.timeout(30)

REJECTED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "white space": (b" \n" * 500_000, "empty"),
    "50 MB": (b"a" * 50_000_000, "too_large"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400, "binary"),
    "zip": (b"PK\x03\x04" + bytes(range(256)) * 400, "binary"),
    "controls": (bytes(range(1, 9)) * 1000, "binary"),
    "brackets": (b"(" * 1_000_000, "not_an_article"),
    "digits": (b"1" * 1_000_000, "not_an_article"),
    "stops": ("。".encode() * 500_000, "not_an_article"),
    "tags": (b"<p>" * 300_000, "not_an_article"),
    "open comment": (b"<html><!--" + b"-" * 1_000_000, "not_an_article"),
    "open script": (b"<html><script>var a=1;" + b"b" * 100_000, "not_an_article"),
    "key words": (
        ("免费小说排行榜|同城搬家公司|二手转让|手工活|菜谱" + "\n").encode() * 8000,
        "spam",
    ),
    "counties": ("汝阳县| 丰都县| 桐柏县| 宁武县| ".encode() * 8000, "spam"),
    "carriage returns": ("核\r药".encode() * 30_000, "too_large"),
    "paragraphs": (f"<html><body>{f'<p>{TEXT}</p>' * 21_000}</body></html>".encode(), "too_large"),
}
CLEANED: dict[str, bytes] = {
    "nested blocks": b"<html><body>" + b"<div>" * 10_000 + TEXT.encode() * 20,
    "nested tables": b"<html><body>" + b"<table><tr><td>" * 5000 + TEXT.encode() * 20,
    "nested inline": b"<html><body>" + b"<span>" * 10_000 + TEXT.encode() * 20,
    "broken": b"<html><body><p>" + TEXT.encode() * 10 + b"<div<p><<>><a href='x><b>'</p></div><!-- ",
    "attributes": b"<html><body><div " + b'a="b" ' * 100_000 + b">" + TEXT.encode() * 10,
    "wrong charset": b'<html><meta charset="utf-8"><body><p>' + (TEXT * 20).encode("gbk"),
    "blanks within": b"<html><body><p>" + TEXT.encode() + b" " * 1_000_000 + TEXT.encode(),
    "years": ("2024年" * 100_000 + TEXT).encode(),
    "labels": ("来源:" * 100_000 + TEXT * 2).encode(),
    "bad linked data": f'<html><script type="application/ld+json">{{"a":3}}</script><p>{TEXT * 5}'.encode(),
}


@pytest.mark.parametrize("name", REJECTED)
def test_input_that_is_no_article(name: str) -> None:
    data, reason = REJECTED[name]
    outcome = clean(pages.raw(data))
    assert isinstance(outcome, Rejected), outcome.body[:100]
    assert outcome.reason == reason
    assert reason in KINDS["rejections"]


@pytest.mark.parametrize("name", CLEANED)
def test_input_that_only_looks_bad(name: str) -> None:
    outcome = clean(pages.raw(CLEANED[name]))
    assert isinstance(outcome, CleanedArticle), outcome
    assert TEXT in outcome.body


def test_kinds_are_a_closed_set() -> None:
    for name in ("PORTAL", "PAPER", "GOVERNMENT", "WECHAT", "FORUM", "OLD", "FLATTENED"):
        report = pages.cleaned(getattr(pages, name)).report
        assert set(report.removed_counts) <= set(KINDS["removals"])
        assert set(report.repair_counts) <= set(KINDS["repairs"])
    chrome = yaml.safe_load(Path("services/clean/data/chrome.yaml").read_text(encoding="utf-8"))
    assert set(chrome) <= set(KINDS["removals"])
