"""The broker's process as the pid file knows it: started detached, never mistaken for a stranger."""

from __future__ import annotations

import json
import os
import socket
import struct
import time
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

# Kafka's ApiVersions request, version 0: size, api key 18, version 0, correlation id 0, no client id.
API_VERSIONS_REQUEST = struct.pack(">ihhih", 10, 18, 0, 0, -1)
PING_SECONDS = 2.0
CLOCK_SLACK_SECONDS = 2.0
COMMAND_LINE_SECONDS = 5.0
KILL_SECONDS = 5.0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class BrokerProcess:
    """A running broker: `created` (epoch seconds) tells it from a later process with the same pid."""

    pid: int
    created: float
    port: int

    def write(self, path: Path) -> None:
        """Write the pid file, whole or not at all."""
        part = path.with_suffix(".part")
        part.write_text(json.dumps(asdict(self)))
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> BrokerProcess | None:
        """Return what the pid file says; None where there is none or it cannot be read."""
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def find(self, mark: str) -> psutil.Process | None:
        """Return the live process; None where it is gone, or the pid now belongs to somebody else.

        `mark` is an argument that only this broker's command line holds.
        """
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < CLOCK_SLACK_SECONDS
            alive = process.status() != psutil.STATUS_ZOMBIE
            return process if same and alive and mark in process.cmdline() else None
        except psutil.Error:
            return None


def spawn(command: list[str], output: Path, port: int) -> BrokerProcess:
    """Start `command` in a session of its own, so that it outlives the caller and its terminal."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(output), flags, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    pid = os.posix_spawn(command[0], command, dict(os.environ), file_actions=actions, setsid=True)
    process = psutil.Process(pid)
    _await_command_line(process)
    return BrokerProcess(pid, process.create_time(), port)


def _await_command_line(process: psutil.Process) -> None:
    """Wait for what `find` looks at: for a moment after its start a process shows no command line."""
    deadline = time.monotonic() + COMMAND_LINE_SECONDS
    with suppress(psutil.ZombieProcess):
        while time.monotonic() < deadline and not process.cmdline():
            time.sleep(0.001)


def terminate(process: psutil.Process, seconds: float) -> bool:
    """Ask a process to end, kill it after `seconds`; whether it went by itself."""
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        if not _ends_within(process, seconds):
            process.kill()
            _ends_within(process, KILL_SECONDS)
            return False
    return True


def _ends_within(process: psutil.Process, seconds: float) -> bool:
    """Wait for the end; of another's child it may be seen only as a zombie that its parent leaves lying."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(psutil.TimeoutExpired):
            process.wait(POLL_SECONDS)
            return True
        if process.status() == psutil.STATUS_ZOMBIE:
            return True
    return False


def answers(host: str, port: int) -> bool:
    """Whether a Kafka broker answers there; a port that merely accepts is not enough."""
    try:
        with socket.create_connection((host, port), timeout=PING_SECONDS) as connection:
            connection.sendall(API_VERSIONS_REQUEST)
            return len(connection.recv(8)) > 0
    except OSError:
        return False


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_ports(host: str, count: int) -> list[int]:
    """Return different ports that nobody listens on."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((host, 0))
        return [probe.getsockname()[1] for probe in probes]
