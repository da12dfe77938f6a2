"""Text that was written in one encoding and read in another is read again."""

from __future__ import annotations

import random

import pytest

from schemas.cleaned import LOST_CHARACTER as LOST
from services.clean.clean import clean
from services.clean.repair.mojibake import reread_page
from services.clean.repair.repair import repair
from services.runtime.outcome import Rejected
from tests import noise
from tests.unit.clean_pages import raw
from tests.unit.test_clean_text import BODY, PARAGRAPHS, TITLE

PAGE = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>" + "".join(
    f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS
)


@pytest.mark.parametrize("form", noise.MOJIBAKE)
@pytest.mark.parametrize("seed", range(3))
def test_all_of_it_comes_back_where_no_byte_is_lost(form: str, seed: int) -> None:
    repaired = repair(noise.cloak(BODY, random.Random(seed), [form]))
    assert repaired.text == BODY
    assert repaired.counts["mojibake"] > 0
    assert repaired.damage_left == 0


@pytest.mark.parametrize(("form", "share"), [("utf8_as_gbk", 0.9), ("utf8_as_big5", 0.4)])
def test_what_is_lost_is_marked_and_never_guessed(form: str, share: float) -> None:
    repaired = repair(noise.cloak(BODY, random.Random(1), [form]))
    kept = repaired.text.split(LOST)
    assert len("".join(kept)) > share * len(BODY)
    assert repaired.damage_left == len(kept) - 1
    at = 0
    for piece in kept:
        at = BODY.index(piece, at) + len(piece)


@pytest.mark.parametrize(
    ("wrote", "read"), [("utf-8", "latin-1"), ("gb18030", "latin-1"), ("big5", "latin-1")]
)
def test_a_page_is_read_again_before_its_markup(wrote: str, read: str) -> None:
    page = noise.traditional(PAGE) if wrote == "big5" else PAGE
    page = page.encode(wrote, "ignore").decode(wrote)
    assert reread_page(page.encode(wrote).decode(read)) == page
    outcome = clean(raw(page.encode(wrote).decode(read).encode()))
    assert not isinstance(outcome, Rejected)
    assert outcome.title == TITLE or wrote == "big5"
    assert outcome.report.repair_counts["mojibake"] == 1


@pytest.mark.parametrize(
    "language", ["é à ç où ÄÖÜ ÅÅÅ §12 ¤ »Ö«, ", "Det är så att ålänningar äter ÄÖÅ ägg. "]
)
def test_other_languages_are_not_read_again(language: str) -> None:
    page = f"<html><body><p>{language * 50}</p>"
    assert reread_page(page) is page
    assert repair(language * 50).text == language * 50


def test_a_lone_apostrophe_comes_back() -> None:
    assert repair("The firmâ€™s café reopened â€” at last.").text == "The firm’s café reopened — at last."


@pytest.mark.parametrize("sign", ["锟斤拷锟斤拷锟斤拷", "烫烫烫烫烫烫烫", "屯屯屯屯屯屯屯屯"])
def test_text_that_is_destroyed_is_marked(sign: str) -> None:
    repaired = repair(f"患者人数为{sign}例。")
    assert repaired.text == f"患者人数为{LOST}例。"
    assert repaired.damage_left == 1
    assert repair(f"乱码“{sign}”的由来").text == f"乱码“{sign}”的由来"
