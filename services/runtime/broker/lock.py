"""`data/kafka.lock`: which jars make up the embedded Kafka, and what their bytes are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LOCK_FILE = Path(__file__).parent / "data" / "kafka.lock"
HEADER = """\
# The jars of the embedded Apache Kafka: group:artifact:version sha256 bytes.
# Written by `python -m services.runtime.broker.relock VERSION`; not to be edited by hand.
"""
LINE = re.compile(
    r"(?P<group>[\w.-]+):(?P<artifact>[\w.-]+):(?P<version>[\w.-]+) (?P<sha256>[0-9a-f]{64}) (?P<size>\d+)"
)
BROKER_ARTIFACT = "kafka_2.13"


@dataclass(frozen=True, order=True)
class LockedJar:
    """One jar: its Maven coordinates and what its bytes must be."""

    group: str
    artifact: str
    version: str
    sha256: str
    size: int

    @property
    def file_name(self) -> str:
        """The jar's name on disk, as Maven gives it."""
        return f"{self.artifact}-{self.version}.jar"


@dataclass(frozen=True)
class KafkaLock:
    """All jars of one version of Kafka."""

    jars: tuple[LockedJar, ...]

    @property
    def kafka_version(self) -> str:
        """The version of Kafka itself."""
        return next(jar.version for jar in self.jars if jar.artifact == BROKER_ARTIFACT)

    @property
    def size(self) -> int:
        """Bytes of all jars together."""
        return sum(jar.size for jar in self.jars)

    @property
    def digest(self) -> str:
        """Eight hex digits that change with any jar: names the folder in the cache."""
        return hashlib.sha256(self.to_text().encode()).hexdigest()[:8]

    def to_text(self) -> str:
        """Return the lock file's text."""
        lines = (f"{j.group}:{j.artifact}:{j.version} {j.sha256} {j.size}\n" for j in sorted(self.jars))
        return HEADER + "".join(lines)


def parse_lock(text: str) -> KafkaLock:
    """Read a lock file's text; raises `ValueError` with the line that is wrong."""
    jars = tuple(_parse_lines(text.splitlines()))
    if BROKER_ARTIFACT not in {jar.artifact for jar in jars}:
        raise ValueError(f"kafka.lock names no {BROKER_ARTIFACT}")
    return KafkaLock(jars)


def read_lock(path: Path = LOCK_FILE) -> KafkaLock:
    """Read the lock that comes with this version of Isowire."""
    return parse_lock(path.read_text())


def _parse_lines(lines: Iterable[str]) -> Iterable[LockedJar]:
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if match is None:
            raise ValueError(
                f"kafka.lock line {number} is not 'group:artifact:version sha256 bytes': {line!r}"
            )
        yield LockedJar(
            match["group"], match["artifact"], match["version"], match["sha256"], int(match["size"])
        )
