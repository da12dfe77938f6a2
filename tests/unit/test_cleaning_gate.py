"""The gate of cleaning can fail, and the corpus is what it says."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from schemas.cleaned import CleanedArticle
from schemas.raw import RawArticle
from services.clean.clean import clean
from services.runtime.outcome import Rejected
from tests.cleaning.article import articles
from tests.cleaning.cloak import CLOAKS
from tests.cleaning.corpus import checksum, corpus
from tests.cleaning.gate import DOCS, FLOORS, OK, OTHER_CORPUS, REGRESSION, WORSE, documented, gate
from tests.cleaning.measure import Outcome, figures, judge, plain
from tests.cleaning.page import Golden, Page
from tests.cleaning.template import templates

BODY = (
    "松岭市新建的药物配送中心十二日通过竣工验收，四条分装线已经就位。",
    "负责人介绍，下月起向六家医院供药。",
)
AD = "秋装上新满三百减四十，点此领券"
TITLE = "松岭配送中心通过验收"
HTML = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{{}}</body></html>"
GOLDEN = Golden(title=TITLE, language="zh-Hans", script="Hans", body=BODY, vanish=(AD,))


def page(golden: Golden = GOLDEN, *paragraphs: str) -> Page:
    text = HTML.format("".join(f"<p>{text}</p>" for text in paragraphs or BODY))
    return Page("松岭.test.none", text.encode(), None, None, golden, "test", "none")


def cleaned(page: Page) -> CleanedArticle:
    article = clean(page.raw)
    assert isinstance(article, CleanedArticle), article
    return article


def judged(golden: Golden = GOLDEN, **changes: Any) -> Outcome:
    """Judge the test page's article with these fields changed."""
    test_page = page(golden)
    return judge(test_page, cleaned(test_page).model_copy(update=changes))


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    return list(islice(corpus(), 8))


@pytest.fixture
def floors(pages: list[Page], tmp_path: Path) -> Path:
    path = tmp_path / "floors.json"
    assert gate(pages, floors=path, update=True) == OK
    return path


def raise_floor(floors: Path, table: str, group: str, name: str, value: float) -> None:
    pinned = json.loads(floors.read_text())
    pinned[table][group][name] = value
    floors.write_text(json.dumps(pinned))


def without_end(raw: RawArticle) -> CleanedArticle | Rejected:
    """Clean as always, but for the last sentence of the body."""
    article = clean(raw)
    return (
        article if isinstance(article, Rejected) else article.model_copy(update={"body": article.body[:-9]})
    )


def test_what_has_not_changed_passes(pages: list[Page], floors: Path) -> None:
    assert gate(pages, floors=floors) == OK


def test_a_broken_cleaner_fails(pages: list[Page], floors: Path) -> None:
    assert gate(pages, without_end, floors=floors) == WORSE
    assert gate(pages, lambda _: Rejected("not_an_article"), floors=floors) == WORSE


@pytest.mark.parametrize(
    ("name", "value"), [("body.f1", 1.1), ("publisher", 1.1), ("leaks", -1.0), ("unknown", 0.5)]
)
def test_a_figure_below_its_floor_fails(pages: list[Page], floors: Path, name: str, value: float) -> None:
    raise_floor(floors, "figures", "all", name, value)
    assert gate(pages, floors=floors) == WORSE


@pytest.mark.parametrize("trait", ["template", "noise"])
def test_a_figure_of_some_pages_below_its_floor_fails(pages: list[Page], floors: Path, trait: str) -> None:
    raise_floor(floors, trait, getattr(pages[0], trait), "title", 1.1)
    assert gate(pages, floors=floors) == WORSE


def test_another_corpus_fails_until_the_floors_are_set_anew(pages: list[Page], floors: Path) -> None:
    longer = replace(pages[0], bytes=pages[0].bytes + b"\n")
    assert gate([longer, *pages[1:]], floors=floors) == OTHER_CORPUS
    other = replace(pages[0], golden=replace(pages[0].golden, vanish=()))
    assert gate([other, *pages[1:]], floors=floors) == OTHER_CORPUS
    assert gate([longer, *pages[1:]], floors=floors, update=True) == OK
    assert gate(pages, floors=floors) == OTHER_CORPUS


def test_no_floor_is_lowered_unless_it_is_allowed(pages: list[Page], floors: Path) -> None:
    before = floors.read_text()
    assert gate(pages, without_end, floors=floors, update=True) == REGRESSION
    assert floors.read_text() == before
    assert gate(pages, without_end, floors=floors, update=True, allow_regression=True) == OK
    assert gate(pages, without_end, floors=floors) == OK


def test_a_right_article_has_no_errors() -> None:
    assert judged().errors == []


@pytest.mark.parametrize(
    ("changes", "figure"),
    [
        ({"title": "别的标题在这里"}, "title"),
        ({"body": BODY[0]}, "body.kept"),
        ({"body": "".join(BODY)}, "body.paragraphs"),
        ({"body": "\n".join(reversed(BODY))}, "body.exact"),
        ({"captions": ["配送中心外景"]}, "captions"),
        ({"language": "en"}, "language"),
        ({"digest": True}, "digest"),
    ],
)
def test_what_is_wrong_shows_in_its_figure(changes: dict[str, Any], figure: str) -> None:
    assert judged(**changes).values[figure] < 1


@pytest.mark.parametrize(
    ("changes", "figure"),
    [
        ({"body": "\n".join([*BODY, AD])}, "leaks"),
        ({"publisher": "松岭网"}, "invented"),
        ({"published": "2024-03-12"}, "invented"),
        ({"reporters": ["何小满"]}, "invented"),
    ],
)
def test_what_should_not_be_there_is_counted(changes: dict[str, Any], figure: str) -> None:
    assert judged(**changes).counts == Counter({figure: 1})


def test_a_repair_without_reason_is_counted() -> None:
    report = cleaned(page()).report
    changed = report.model_copy(update={"repair_counts": {"pinyin": 2, "script": 1}})
    assert judged(report=changed).counts == Counter({"false_repairs": 2})
    assert not judged(replace(GOLDEN, repairs=("pinyin",)), report=changed).counts
    assert not judged(replace(GOLDEN, repairs=None), report=changed).counts


def test_a_refused_article_is_lost_and_a_kept_list_is_wrong() -> None:
    lost = judge(page(), Rejected("not_an_article"))
    assert (lost.counts["lost"], lost.values["body.f1"]) == (1, 0.0)
    empty = Golden(reasons=("not_an_article",))
    assert judge(page(empty), cleaned(page())).values == {"rejected": 0.0}
    assert judge(page(empty), Rejected("spam")).values == {"rejected": 0.0}
    assert judge(page(empty), Rejected("not_an_article")).values == {"rejected": 1.0}


def test_figures_are_means_and_counts() -> None:
    found = figures([judged(), judged(title=None, publisher="松岭网"), judged(publisher="松岭网")])
    assert (found["pages"], found["title"], found["invented"]) == (3, 0.6667, 2)


def test_the_docs_show_the_pinned_figures() -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert documented(page, json.loads(FLOORS.read_text(encoding="utf-8"))) == page
    assert "| body.f1 | " in page


def reads(data: bytes) -> Iterator[str]:
    """Yield the text of a page in each encoding that it may be in, without tags, bars and white space."""
    for codec in ("utf-8-sig", "utf-16", "gb18030"):
        with suppress(UnicodeDecodeError):
            yield plain(html.unescape(re.sub("<[^>]*>|[|]", "", data.decode(codec))))


def test_what_is_golden_stands_on_its_page() -> None:
    for found in corpus():
        golden = found.golden
        if found.noise != "none" or golden.script != "Hans":
            continue
        told = [*golden.body, golden.source, golden.editor, *golden.reporters, *golden.captions]
        values = {plain(value) for value in told}
        missing = [{value for value in values if value not in text} for text in reads(found.bytes)]
        assert set() in missing, f"{found.name}: {missing}"


def corpus_shape() -> Iterator[tuple[str, str, str]]:
    for found in corpus():
        yield found.name.split(".")[0], found.template, found.noise


def test_every_article_template_and_noise_is_in_the_corpus() -> None:
    names, kinds, noises = map(set, zip(*corpus_shape(), strict=True))
    assert names == {article.name for article in articles()}
    assert kinds == {template.name for template in templates()}
    assert noises == {"none", *CLOAKS}


def test_a_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first = checksum(islice(corpus(1), 30))
    assert first == checksum(islice(corpus(1), 30))
    assert first != checksum(islice(corpus(2), 30))
