"""`python -m services.runtime.broker.relock VERSION`: write `data/kafka.lock` for a version of Kafka.

Resolves Kafka's dependencies with jgo, downloads every jar, and notes its checksum and size. Run by hand when
Kafka is to be renewed; the lock is checked in.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jgo.maven import Artifact, MavenContext

from services.runtime.broker.lock import BROKER_ARTIFACT, LOCK_FILE, KafkaLock, LockedJar

DOWNLOADS_AT_ONCE = 8


def resolve(version: str, folder: Path) -> list[Artifact]:
    """Return the artifacts that Kafka `version` needs at run time, its logging backend included."""
    context = MavenContext(repo_cache=folder)
    kafka = context.create_dependency(f"org.apache.kafka:{BROKER_ARTIFACT}:{version}")
    inputs, transitive = context.resolver.resolve([kafka])
    needed = [*inputs, *(d for d in transitive if d.scope in ("compile", "runtime"))]
    artifacts: list[Artifact] = [dependency.artifact for dependency in needed]
    log4j = next(a.version for a in artifacts if a.artifactId == "log4j-core")
    # Kafka logs through slf4j and leaves it to the distribution to bring the bridge to log4j.
    bridge = context.project("org.apache.logging.log4j", "log4j-slf4j-impl").at_version(log4j).artifact()
    return [*artifacts, bridge]


def locked(artifact: Artifact) -> LockedJar:
    """Download one artifact and note what its bytes are."""
    data = Path(artifact.resolve()).read_bytes()
    return LockedJar(
        artifact.groupId, artifact.artifactId, artifact.version, hashlib.sha256(data).hexdigest(), len(data)
    )


def main(version: str) -> None:
    """Write the lock of Kafka `version`."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        lock = KafkaLock(tuple(sorted(pool.map(locked, resolve(version, Path(folder))))))
    LOCK_FILE.write_text(lock.to_text())
    sys.stdout.write(
        f"{LOCK_FILE.name}: Kafka {lock.kafka_version}, {len(lock.jars)} jars, {lock.size} bytes\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])
