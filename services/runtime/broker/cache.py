"""Kafka's jars in the user's cache: fetched once, checked against the lock, mended where broken.

A jar enters the cache folder only whole and with the right checksum (it is moved there at the end), and a
file lock keeps processes that start at the same time from fetching twice. After the first full check a stamp
of sizes and times spares the later starts the hashing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from services.runtime.broker.errors import CacheBroken, NoNetwork
from services.runtime.broker.lock import KafkaLock, LockedJar

# Called with what is being done, and the bytes done and in all.
Progress = Callable[[str, int, int], None]

STAMP_FILE = "verified.json"
DOWNLOADS_AT_ONCE = 8


class Fetch(Protocol):
    """Fetches one jar into an empty folder; raises `NoNetwork` where that cannot be done."""

    def __call__(self, jar: LockedJar, folder: Path) -> Path:
        """Return the path of the jar as it came, unchecked."""


def fetch_from_maven(jar: LockedJar, folder: Path) -> Path:
    """Fetch a jar with jgo from the Maven registry that it is set up for."""
    # The image, which runs no broker, does without these two.
    import requests  # noqa: PLC0415
    from jgo.maven import MavenContext  # noqa: PLC0415

    component = MavenContext(repo_cache=folder).project(jar.group, jar.artifact).at_version(jar.version)
    try:
        return Path(component.artifact().resolve())
    except (requests.RequestException, RuntimeError) as error:  # no answer; an answer without the file
        raise NoNetwork(error) from error


def default_cache() -> Path:
    """Return the user's cache folder for Isowire."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "isowire"


def ignore_progress(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


class JarCache:
    """The jars of one lock, below `folder`."""

    def __init__(self, lock: KafkaLock, folder: Path | None = None, fetch: Fetch = fetch_from_maven) -> None:
        self.lock = lock
        self.root = folder or default_cache()
        self.folder = self.root / f"kafka-{lock.kafka_version}-{lock.digest}"
        self._fetch = fetch

    def ensure(self, progress: Progress = ignore_progress) -> list[Path]:
        """Return the paths of all jars, each the one that the lock names; fetches what is not there.

        Raises `NoNetwork` or `CacheBroken`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._stamped():
            with exclusive(self.folder / "lock"):
                if not self._stamped():
                    self._mend(progress)
        return [self._path(jar) for jar in self.lock.jars]

    def _path(self, jar: LockedJar) -> Path:
        return self.folder / jar.file_name

    def _mend(self, progress: Progress) -> None:
        wanted = [jar for jar in self.lock.jars if not matches(self._path(jar), jar)]
        total, done = sum(jar.size for jar in wanted), 0
        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            for jar in pool.map(self._fetch_one, wanted):
                done += jar.size
                progress(f"fetching Apache Kafka {self.lock.kafka_version}", done, total)
        self._write_stamp()

    def _fetch_one(self, jar: LockedJar) -> LockedJar:
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="fetch-") as folder:
            came = self._fetch(jar, Path(folder))
            if not matches(came, jar):
                raise CacheBroken(jar.file_name, self.folder)
            came.replace(self._path(jar))
        return jar

    def _seen(self) -> dict[str, list[int]]:
        stats = {jar.file_name: self._path(jar).stat() for jar in self.lock.jars}
        return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in stats.items()}

    def _stamped(self) -> bool:
        try:
            stamp = json.loads((self.folder / STAMP_FILE).read_text())
            return bool(stamp == self._seen())
        except (FileNotFoundError, ValueError):
            return False

    def _write_stamp(self) -> None:
        part = self.folder / f"{STAMP_FILE}.part"
        part.write_text(json.dumps(self._seen()))
        part.replace(self.folder / STAMP_FILE)


def matches(path: Path, jar: LockedJar) -> bool:
    """Whether the file is there and its bytes are those that the lock names."""
    if not path.is_file() or path.stat().st_size != jar.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file `path` against every other process; waits until it is free."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
