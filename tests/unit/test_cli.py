"""The parts of the command that need no broker."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import feedparser
import psutil
import pytest
import typer
from typer.testing import CliRunner

from services.cli import supervisor as supervision
from services.cli.demo import SAMPLES
from services.cli.fleet import fleet, free_ports, process_names, write_targets
from services.cli.main import app
from services.cli.page_server import FEED_PATH, serving
from services.cli.pages import page_files
from services.cli.summary import Summary, quantile
from services.cli.supervisor import Service, Supervisor
from services.cli.tracker import Passage

ARTICLE = (
    "砚川新闻网5月18日讯（记者 尹知远）5月18日，砚川市人民医院核医学诊疗中心正式启用，"
    "砚川市人民医院院长谷明达出席启用仪式并介绍情况，中心开展镥-177核素治疗。"
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    return file


def test_extract_prints_one_payload_a_file_with_the_rules_that_match(page: Path) -> None:
    result = CliRunner().invoke(app, ["extract", str(page), "--jsonl"])
    assert result.exit_code == 0, result.output
    payload = json.loads(result.output)
    assert payload["id"] == "page"
    assert payload["alerts"] == ["facility-milestone"]
    event = payload["events"][0]
    assert payload["body"][event["start"] : event["end"]] == event["evidence"]


def test_clean_prints_the_article_and_the_report(page: Path) -> None:
    result = CliRunner().invoke(app, ["clean", str(page)])
    assert result.exit_code == 0, result.output
    payload = json.loads(result.output)
    assert payload["reporters"] == ["尹知远"]
    assert payload["report"]["repair_counts"] == {}


def test_clean_shows_a_person_the_article_and_what_was_done(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE.replace("尹知远", "尹知\u200b远") + "\n1.jpg", encoding="utf-8")
    (tmp_path / "b.html").write_bytes(b"")
    result = CliRunner().invoke(app, ["clean", str(tmp_path), "--view"])
    assert result.exit_code == 0, result.output
    shown = "".join(result.output.split())
    assert "核医学诊疗中心正式启用" in shown
    assert "reporters尹知远" in shown
    assert "quality0.45·flattened,short,no_title" in shown
    assert "removedimage_name11.jpg" in shown
    assert "repairedcontrol_characters1" + chr(92) + "u200b→nothing" in shown
    assert "b.html:rejected,empty" in shown


def test_a_page_that_is_no_article_is_an_outcome_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    result = CliRunner().invoke(app, ["extract", str(tmp_path), "--jsonl"])
    assert result.exit_code == 0
    assert json.loads(result.output)["rejected"] == "empty"


def test_a_path_that_is_not_there_is_told_in_a_line() -> None:
    result = CliRunner().invoke(app, ["extract", "no-such-file.html"])
    assert result.exit_code == 2
    assert "no-such-file.html does not exist" in result.output


def test_a_folder_stands_for_the_pages_below_it(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.html", "deep/a.TXT", "notes.md"):
        (tmp_path / name).write_text("x")
    assert [p.name for p in page_files([tmp_path])] == ["b.html", "a.TXT"]
    (tmp_path / "none").mkdir()
    with pytest.raises(typer.BadParameter, match="holds no page"):
        page_files([tmp_path / "none"])


def test_the_page_server_is_a_feed_and_its_pages() -> None:
    files = page_files([SAMPLES])
    with serving(files) as server:
        with urllib.request.urlopen(server.address + FEED_PATH) as answer:
            feed = feedparser.parse(answer.read())
        assert len(feed.entries) == len(files) == server.page_count
        for entry, file in zip(feed.entries, files, strict=True):
            with urllib.request.urlopen(entry.link) as answer:
                assert answer.read() == file.read_bytes()
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(server.address + "/99/none.html")
        refused.value.close()
        assert refused.value.code == 404


def test_a_fleet_has_a_process_a_worker_and_a_port_each(tmp_path: Path) -> None:
    names = process_names(2)
    assert names[0] == "ingest"
    assert names[-1] == "deliver"
    assert {"clean-1", "clean-2", "extract-2", "alert-2"} < set(names)
    ports = free_ports(len(names))
    assert len(set(ports)) == len(names)
    services = fleet(2, ports, {"ISOWIRE_RULES_FILE": "rules.yaml"})
    assert services[1].arguments == ["run", "clean"]
    assert services[1].environment["ISOWIRE_OPS_PORT"] == str(ports[1])
    write_targets(services, tmp_path / "targets.json")
    targets = json.loads((tmp_path / "targets.json").read_text())
    assert targets[1] == {"targets": [f"127.0.0.1:{ports[1]}"], "labels": {"service": "clean"}}


class PythonSupervisor(Supervisor):
    """Runs Python code in place of `isowire`."""

    program = (sys.executable, "-c")


async def test_a_service_that_dies_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.01)
    code = f"import time; open({str(tmp_path / 'starts')!r}, 'a').write('x'); print('hello'); time.sleep(0.1)"
    supervisor = PythonSupervisor(tmp_path / "logs")
    await supervisor.start([Service("short", [code])])
    async with asyncio.timeout(20):
        while not (tmp_path / "starts").exists() or len((tmp_path / "starts").read_text()) < 3:
            await asyncio.sleep(0.05)
    await supervisor.stop()
    assert supervisor.restarts >= 2
    assert "hello" in (tmp_path / "logs" / "short.log").read_text()


async def test_stop_kills_what_does_not_end_and_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "STOP_DEADLINE_SECONDS", 0.5)
    child = "import time; time.sleep(60)"
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"p = subprocess.Popen([sys.executable, '-c', {child!r}]);"
        f"open({str(tmp_path / 'child')!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    supervisor = PythonSupervisor(tmp_path / "logs")
    await supervisor.start([Service("deaf", [code])])
    async with asyncio.timeout(20):
        while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
            await asyncio.sleep(0.05)
    await supervisor.stop()
    assert supervisor.dead() == ["deaf"]
    pid = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the child outlived its service"
        await asyncio.sleep(0.05)


def test_the_summary_counts_what_is_lost() -> None:
    passage = Passage(published={"a", "b", "c"}, cleaned={"a"}, extracted={"a"}, dead={"b": "spam"})
    summary = Summary.of(passage, expected=4, seconds=2.0)
    assert passage.under_way == {"c"}
    assert summary.lost == 2
    assert summary.rejected == {"spam": 1}


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, None), ([3.0], 0.99, 3.0), ([1.0, 2.0, 3.0, 4.0], 0.5, 3.0), (list(range(100)), 0.99, 99)],
)
def test_quantiles(values: list[float], share: float, expected: float | None) -> None:
    assert quantile(values, share) == expected


def test_nothing_of_the_samples_is_left_out() -> None:
    assert len(page_files([SAMPLES])) == len([p for p in SAMPLES.iterdir() if p.is_file()])
