from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from services.runtime.broker import BrokerSettings, EmbeddedBroker
from services.runtime.broker.config import HOST, server_properties
from services.runtime.broker.process import (
    BrokerProcess,
    answers,
    free_ports,
    is_free,
    spawn,
    terminate,
)

SLEEPER = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, {}); print('up', flush=True); time.sleep(60)"
)


def sleeper(folder: Path, *, on_term: str = "signal.SIG_DFL") -> BrokerProcess:
    output = folder / "out"
    noted = spawn([sys.executable, "-c", SLEEPER.format(on_term), str(folder)], output, 9092)
    while "up" not in output.read_text():
        pass
    return noted


@pytest.fixture
def noted(tmp_path: Path) -> Iterator[BrokerProcess]:
    process = sleeper(tmp_path)
    yield process
    if found := process.find(str(tmp_path)):
        terminate(found, 1)


def test_finds_its_process_again(noted: BrokerProcess, tmp_path: Path) -> None:
    pid_file = tmp_path / "broker.pid"
    noted.write(pid_file)
    read = BrokerProcess.read(pid_file)
    assert read == noted
    found = noted.find(str(tmp_path))
    assert found
    assert found.pid == noted.pid


def test_finds_its_process_right_after_the_start(tmp_path: Path) -> None:
    for _ in range(30):  # a process shows no command line for a moment; one in three starts met that
        started = spawn(
            [sys.executable, "-c", "import time; time.sleep(60)", str(tmp_path)], tmp_path / "out", 9092
        )
        found = started.find(str(tmp_path))
        psutil.Process(started.pid).kill()
        psutil.Process(started.pid).wait()
        assert found


def test_a_stranger_with_the_same_pid_is_not_it(noted: BrokerProcess, tmp_path: Path) -> None:
    assert replace(noted, created=noted.created - 3600).find(str(tmp_path)) is None
    assert noted.find("/another/folder") is None


def test_stop_leaves_a_stranger_alone(noted: BrokerProcess, tmp_path: Path) -> None:
    broker = EmbeddedBroker(BrokerSettings(folder=tmp_path))
    noted.write(tmp_path / "broker.pid")
    assert broker.status() is None
    assert broker.stop() is False
    assert psutil.pid_exists(noted.pid)
    assert not (tmp_path / "broker.pid").exists()


def test_an_ended_process_is_not_found(noted: BrokerProcess, tmp_path: Path) -> None:
    psutil.Process(noted.pid).kill()
    while psutil.Process(noted.pid).status() != psutil.STATUS_ZOMBIE:
        pass
    assert noted.find(str(tmp_path)) is None
    psutil.Process(noted.pid).wait()


@pytest.mark.parametrize(("on_term", "graceful"), [("signal.SIG_DFL", True), ("signal.SIG_IGN", False)])
def test_what_does_not_end_is_killed(tmp_path: Path, on_term: str, graceful: bool) -> None:
    found = sleeper(tmp_path, on_term=on_term).find(str(tmp_path))
    assert found
    assert terminate(found, 0.5) is graceful
    assert not found.is_running()


def test_an_unreadable_pid_file_is_none(tmp_path: Path) -> None:
    pid_file = tmp_path / "broker.pid"
    assert BrokerProcess.read(pid_file) is None
    pid_file.write_text('{"pid": 1}')
    assert BrokerProcess.read(pid_file) is None


def test_a_port_that_only_listens_does_not_answer() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(HOST, port)
        assert not answers(HOST, port)
    assert is_free(HOST, port)
    assert not answers(HOST, port)


def test_free_ports_differ() -> None:
    assert len(set(free_ports(HOST, 5))) == 5


def test_listens_on_loopback_only(tmp_path: Path) -> None:
    text = server_properties(tmp_path, 9092, 9093)
    assert "listeners=BROKER://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093\n" in text
    assert "auto.create.topics.enable=false\n" in text


PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "print('up', flush=True); import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_zombie_that_its_parent_leaves_lying_has_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = next(int(line) for line in parent.stdout if line.strip().isdigit())
        assert terminate(psutil.Process(pid), 20) is True
        assert psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        parent.kill()
