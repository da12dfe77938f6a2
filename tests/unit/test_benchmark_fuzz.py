"""Any bytes get an outcome: a short run of the fuzzer, and that it would see a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.cleaning.fuzz import FETCHED_AT, Failure, judge, keep, record, run
from benchmarks.cleaning.mutate import MAX_INPUT, make_input
from schemas.cleaned import CleanedArticle
from schemas.raw import RawArticle
from services.clean.clean import clean
from services.clean.page.fallback import MAX_TAGS, second_opinion
from services.clean.repair.script import to_simplified
from services.clean.sorting.chrome import furniture_of
from services.clean.stage import STAGE
from services.runtime.frames import Failed, Produced
from services.runtime.outcome import Rejected
from services.runtime.stage import OutputRecord
from services.runtime.worker_process import handle

INPUTS = 1_200


async def test_whatever_comes_is_cleaned_or_rejected() -> None:
    tally = await run(7, range(INPUTS))
    assert tally.failures == []
    assert tally.restarts == []
    assert tally.inputs == INPUTS == sum(tally.outcomes.values())
    assert tally.outcomes["article"] > INPUTS / 4
    assert {"not_an_article", "binary", "undecodable", "empty"} < set(tally.outcomes)


def test_an_input_depends_on_seed_and_number_alone() -> None:
    some = [make_input(3, number) for number in range(60)]
    assert [make_input(3, number) for number in reversed(range(60))] == some[::-1]
    assert len(set(some)) > len(some) * 0.8
    assert make_input(4, 0) != some[0]
    assert max(map(len, some)) <= MAX_INPUT


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Failed("timeout", "no answer"), "FAILED timeout"),
        (Failed("error", "KeyError"), "FAILED error"),
        (Produced([OutputRecord(b"k", b"{", [])], {}, None, None), "UNREADABLE"),
        (Produced([OutputRecord(b"k", b"{}", [])], {}, None, None), "UNREADABLE"),
    ],
)
def test_everything_else_is_a_failure(outcome: Failed | Produced, reason: str) -> None:
    failure = judge(5, outcome)
    assert failure is not None
    assert (failure.number, failure.reason) == (5, reason)


def test_a_rejection_is_an_outcome() -> None:
    assert judge(5, Failed("empty", None, rejected=True)) is None


def test_an_article_that_changes_when_it_is_read_is_a_failure() -> None:
    outcomes = (handle(STAGE, record(7, number)) for number in range(40))
    found = next(outcome for outcome in outcomes if isinstance(outcome, Produced))
    assert judge(0, found) is None
    value = found.records[0].value or b""
    spaced = found.records[0]._replace(value=value.replace(b'{"url_id"', b'{ "url_id"', 1))
    assert CleanedArticle.from_json(spaced.value or b"").to_json() == value
    assert judge(0, found._replace(records=[spaced])) == Failure(0, "CHANGED", "read and written anew")


def test_what_failed_is_kept(tmp_path: Path) -> None:
    keep(tmp_path, 3, Failure(9, "FAILED error", "KeyError"))
    assert (tmp_path / "3-9.bin").read_bytes() == make_input(3, 9)
    assert "KeyError" in (tmp_path / "3-9.txt").read_text()


@pytest.mark.parametrize("line", ["12" * 29 + "号", "1 2" * 19 + "号", "年" + "»›" * 49, "." * 59 + "号"])
def test_lines_on_which_patterns_went_back_and_forth_without_end(line: str) -> None:
    assert furniture_of(line) is None


@pytest.mark.parametrize(
    "page",
    [
        "<html style='display:none'><p>示例",
        "<body hidden><p>示例市核医学中心今日开诊，首批患者已经完成检查，结果良好。",
        "<p>示例市核医学中心<html hidden>今日开诊，首批患者已经完成检查，结果良好。",
        "示例市醫院核醫學科今日開診,患者\x00已經完成檢查,結果良好。",
    ],
)
def test_pages_that_once_raised(page: str) -> None:
    outcome = clean(RawArticle(body=page.encode(), source_id="test", fetched_at=FETCHED_AT))
    assert isinstance(outcome, CleanedArticle | Rejected)


@pytest.mark.parametrize("text", ["結果\x00良好", "\x00", "醫\x00", "\x00鎝"])
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(to_simplified(text)) == len(text)


def test_no_second_opinion_is_asked_of_endless_markup() -> None:
    text = "<p>示例市核医学中心今日开诊，首批患者已经完成检查。中心设有六张病床，由晨禾医院管理。</p>"
    page = f"<html><body>{text}{{}}</body></html>"
    assert second_opinion(page.format("<br>甲" * 100), 0, set())
    assert second_opinion(page.format("<br>甲" * MAX_TAGS), 0, set()) == []


def test_pages_without_text_are_no_matter_for_the_log(caplog: pytest.LogCaptureFixture) -> None:
    for page in ("<html><body></body></html>", "<html>", "<p>甲"):
        second_opinion(page, 0, set())
    assert caplog.records == []
