"""What the README promises of the demo, run as a user runs it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.conftest import CHECKOUT, Kafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]

STOP_SECONDS = 10.0
MARK, RUN = "ISOWIRE_TEST_RUN", uuid.uuid4().hex  # inherited by all that a demo starts


def demo(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "services.cli.main", "demo", *arguments],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"COLUMNS": "200", "PYTHONUNBUFFERED": "1", MARK: RUN},
    )


def figures(output: str) -> dict[str, str]:
    """Return the summary's lines as {name: value}."""
    return dict(re.findall(r"^(\S.*?)  +(\S.*)$", output, re.MULTILINE))


@pytest.fixture
def no_process_left() -> Iterator[None]:
    """Hold that the test leaves no process behind: neither a service, nor a worker, nor a broker."""
    yield
    deadline = time.monotonic() + 5
    while left := [p for p in psutil.process_iter(["environ", "cmdline"]) if ours(p)]:
        assert time.monotonic() < deadline, f"left behind: {left}"
        time.sleep(0.1)


def ours(process: psutil.Process) -> bool:
    """Whether a process descends from a demo that this run has started."""
    return (process.info["environ"] or {}).get(MARK) == RUN


@pytest.mark.usefixtures("kafka", "no_process_left")
def test_once_ends_by_itself_with_every_sample_page_accounted_for() -> None:
    process = demo("--once")
    output, _ = process.communicate(timeout=180)
    assert process.returncode == 0, output
    found = figures(output)
    pages = int(found["pages in"].split()[0])
    rejected = int(found["rejected"].split()[0])
    assert pages >= 12
    assert int(found["extracted"]) + rejected == pages
    assert found["lost"] == "0"
    assert rejected == 2, output  # a page of spam, a list of links
    for rule in (
        "agreement-signed",
        "facility-milestone",
        "clinical-milestone",
        "approval",
        "funding",
        "safety",
    ):
        assert f"● {rule} " in output
    assert "told by 2 pages" in output
    assert re.search(r"p50 \d+\.\d+ s, p99 \d+\.\d+ s", output)


@pytest.mark.usefixtures("kafka", "no_process_left")
def test_once_takes_the_users_own_pages(tmp_path: Path) -> None:
    page = tmp_path / "own.txt"
    page.write_text(
        "浮玉新闻网5月18日讯（记者 尹知远）5月18日，浮玉市人民医院核医学诊疗中心正式启用，"
        "浮玉市人民医院院长谷明达出席启用仪式，中心当天开展了镥-177核素治疗。",
        encoding="utf-8",
    )
    process = demo("--once", str(page))
    output, _ = process.communicate(timeout=180)
    assert process.returncode == 0, output
    assert figures(output)["pages in"] == "1 of 1"
    assert "● facility-milestone " in output


@pytest.mark.usefixtures("no_process_left")
@pytest.mark.parametrize("after", ["Kafka", "●"], ids=["while it starts", "at work"])
def test_ctrl_c_stops_everything_within_ten_seconds(kafka: Kafka, after: str) -> None:
    assert kafka.address  # the cache is warm: nothing is fetched here
    process = demo()
    assert process.stdout is not None
    for line in process.stdout:
        if after in line:
            break
    asked = time.monotonic()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert time.monotonic() - asked < STOP_SECONDS, output
    assert "Traceback" not in output
