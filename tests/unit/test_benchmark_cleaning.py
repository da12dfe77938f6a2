"""The comparison of cleaning with its peers: what is measured, and what a tool that fails costs."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest

from benchmarks.cleaning import samples, table
from benchmarks.cleaning.race import Found, race
from benchmarks.cleaning.samples import Sample, as_page
from benchmarks.cleaning.scores import body_f1, common, date_is_right, plain, score, title_is_right

BODY = "示例市核医学中心今日开诊，首批患者已经完成检查。\n图为候诊大厅。\n中心设有六张病床，由晨禾医院管理。"
PAGE = f"<html><title>示例</title><body><p>{BODY}</p></body></html>"
CRASHES_ON_THE_SECOND = """#!/bin/sh
echo loaded
[ "$5" = 1 ] && exit 7
echo '{"body": "page '$5'", "seconds": 0.5}'
"""


def sample(**changes: object) -> Sample:
    values: dict[str, object] = {
        "name": "one",
        "group": "pages",
        "page": as_page(PAGE.encode()),
        "body": BODY,
        "titles": ("示例",),
        "dates": ("2024-06-25T14:15+08:00",),
    }
    return Sample(**(values | changes))  # type: ignore[arg-type]


def slow_common(one: str, other: str) -> int:
    """The definition, without any trick."""
    row = [0] * (len(other) + 1)
    for a in one:
        above = row[:]
        for i, b in enumerate(other):
            row[i + 1] = above[i] + 1 if a == b else max(above[i + 1], row[i])
    return row[-1]


def test_the_common_subsequence_is_that_of_the_definition() -> None:
    rng = random.Random(4)
    for _ in range(200):
        one, other = ("".join(rng.choices("abcd", k=rng.randint(0, 30))) for _ in range(2))
        assert common(one, other) == slow_common(one, other)


def test_a_body_counts_by_what_is_lost_and_what_is_added() -> None:
    assert body_f1(Found(body=BODY), sample()) == 1
    assert body_f1(Found(body=BODY.replace("患者", "患 者").replace("，", ",")), sample()) == 1
    assert body_f1(Found(body=BODY.replace("医", "醫")), sample()) == 1
    half = BODY[: len(BODY) // 2]
    assert body_f1(Found(body=half), sample()) == pytest.approx(2 / 3, abs=0.02)
    assert body_f1(Found(body=BODY + BODY), sample()) == pytest.approx(2 / 3, abs=0.02)
    assert body_f1(Found(body=None), sample()) == 0
    assert body_f1(Found(body=BODY, error="crashed"), sample()) == 0


def test_captions_count_neither_way() -> None:
    page = sample(neutral=("图为候诊大厅。",))
    assert body_f1(Found(body=BODY.replace("图为候诊大厅。", "")), page) == 1
    assert body_f1(Found(body=BODY), page) == 1
    assert body_f1(Found(body=BODY.replace("图为候诊大厅。", "")), sample()) < 1


@pytest.mark.parametrize(
    ("found", "exact", "day"),
    [
        ("2024-06-25T14:15+08:00", True, True),
        ("2024-06-25 14:15:09", True, True),
        ("2024年06月25日 14:15", True, True),
        ("2024-06-25T06:15:00+00:00", True, True),
        ("2024-06-25", False, True),
        ("2024-06-24", False, False),
        (None, False, False),
    ],
)
def test_dates_count_to_the_last_digit_and_by_the_day(found: str | None, exact: bool, day: bool) -> None:
    one = Found(published=found)
    assert date_is_right(one, sample()) is exact
    assert date_is_right(one, sample(), digits=10) is day


def test_no_date_is_right_where_there_is_none() -> None:
    assert date_is_right(Found(published=None), sample(dates=(None,)))
    assert not date_is_right(Found(published="2024-06-25"), sample(dates=(None,)))
    assert not date_is_right(Found(error="crashed"), sample(dates=(None,)))


def test_titles_are_compared_as_readers_do() -> None:
    assert title_is_right(Found(title=" 示 例"), sample())
    assert not title_is_right(Found(title="示例_晨禾网"), sample())
    assert plain("鎝－９９ｍ “a”") == '鎝-99m"a"'.replace("鎝", "锝")


def test_a_tool_that_crashes_loses_that_page_and_goes_on(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(CRASHES_ON_THE_SECOND)
    python.chmod(0o755)
    found = race(python, "any", [sample() for _ in range(3)], rounds=1)
    assert [one.body for one in found] == ["page 0", None, "page 2"]
    assert [bool(one.error) for one in found] == [False, True, False]
    assert score([sample() for _ in range(3)], found).failed == 1


def test_a_tool_that_does_not_start_is_no_result(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    with pytest.raises(RuntimeError, match="did not start"):
        race(python, "any", [sample()], rounds=1)


def test_our_own_turn_is_cleaning() -> None:
    pages = [sample(), sample(page=as_page(b""))]
    article, rejected = race(Path(sys.executable), "isowire", pages, rounds=1)
    assert article.body is not None
    assert body_f1(article, sample(neutral=("图为候诊大厅。",))) == 1
    assert article.seconds is not None
    assert (rejected.body, rejected.error) == (None, None)


def test_a_folder_of_annotated_pages_is_read(tmp_path: Path) -> None:
    golden = {
        "title": "示例",
        "published": None,
        "body": BODY,
        "accept_titles": ["示例!"],
        "captions": ["图"],
    }
    (tmp_path / "a.html").write_bytes(PAGE.encode("gbk"))
    (tmp_path / "a.json").write_text(json.dumps(golden))
    (tmp_path / "none.html").write_bytes(b"<p>menu")
    (tmp_path / "none.json").write_text(json.dumps({"title": None, "published": None, "body": None}))
    (page,) = samples.folder(tmp_path)
    assert (page.titles, page.dates, page.neutral) == (("示例", "示例!"), (None,), ("图",))
    assert BODY.split("\n", maxsplit=1)[0] in page.page.text


def test_tables_find_their_place_in_the_documentation(tmp_path: Path) -> None:
    rows = [
        table.Row("isowire", score([sample()], [Found(body=BODY, seconds=0.001)])),
        table.Row("peer", score([sample()], [Found(seconds=0.02)])),
    ]
    tables = table.to_markdown({"pages": rows}, ["peer: KeyError, 1 pages"], {"peer": "1.0"}, 5)
    assert "| Isowire | 1.000 | 0.000 | 0.000 | 0.000 | 0 | 1.00 | 1.0 |" in tables
    assert "| peer | 0.000 | 0.000 | 0.000 | 0.000 | 1 | 20.00 | 20.0 |" in tables
    assert "peer: KeyError, 1 pages." in tables
    page = tmp_path / "quality.md"
    page.write_text(f"before\n\n{table.BEGIN}\nold\n{table.END}\n\nafter\n")
    for _ in range(2):
        table.embed(tables, page)
        assert page.read_text() == f"before\n\n{table.BEGIN}\n{tables}{table.END}\n\nafter\n"
