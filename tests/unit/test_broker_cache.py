from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.runtime.broker.cache import JarCache, fetch_from_maven
from services.runtime.broker.errors import CacheBroken, NoNetwork
from services.runtime.broker.lock import KafkaLock, LockedJar


def locked(artifact: str) -> LockedJar:
    content = artifact.encode()
    return LockedJar("group", artifact, "1", hashlib.sha256(content).hexdigest(), len(content))


LOCK = KafkaLock((locked("kafka_2.13"), locked("log4j-core"), locked("slf4j-api")))


class Registry:
    """Stands in for the Maven registry; counts what is fetched."""

    def __init__(self, *, online: bool = True, garbled: str = "") -> None:
        self.online = online
        self.garbled = garbled
        self.fetched: list[str] = []
        self._count = threading.Lock()

    def __call__(self, jar: LockedJar, folder: Path) -> Path:
        if not self.online:
            raise NoNetwork("unreachable")
        with self._count:
            self.fetched.append(jar.artifact)
        path = folder / jar.file_name
        path.write_bytes(
            jar.artifact.upper().encode() if jar.artifact == self.garbled else jar.artifact.encode()
        )
        return path


def test_fetches_once_and_tells_how_far_it_is(tmp_path: Path) -> None:
    registry, told = Registry(), []
    cache = JarCache(LOCK, tmp_path, registry)
    paths = cache.ensure(lambda what, done, total: told.append((what, done, total)))
    assert [path.read_bytes() for path in paths] == [b"kafka_2.13", b"log4j-core", b"slf4j-api"]
    assert told[-1] == ("fetching Apache Kafka 1", LOCK.size, LOCK.size)

    assert JarCache(LOCK, tmp_path, Registry(online=False)).ensure() == paths


@pytest.mark.parametrize("damage", [b"", b"LOG4J-CORE", None])
def test_mends_a_damaged_cache(tmp_path: Path, damage: bytes | None) -> None:
    path = JarCache(LOCK, tmp_path, Registry()).ensure()[1]
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    registry = Registry()
    JarCache(LOCK, tmp_path, registry).ensure()
    assert path.read_bytes() == b"log4j-core"
    assert registry.fetched == ["log4j-core"]


def test_tells_where_a_damaged_cache_cannot_be_mended(tmp_path: Path) -> None:
    JarCache(LOCK, tmp_path, Registry()).ensure()[1].unlink()
    with pytest.raises(NoNetwork, match="could not be fetched"):
        JarCache(LOCK, tmp_path, Registry(online=False)).ensure()


def test_refuses_a_jar_that_is_not_the_locked_one(tmp_path: Path) -> None:
    cache = JarCache(LOCK, tmp_path, Registry(garbled="log4j-core"))
    with pytest.raises(CacheBroken, match=r"log4j-core-1\.jar is not the file") as raised:
        cache.ensure()
    assert str(cache.folder) in str(raised.value)
    assert not (cache.folder / "log4j-core-1.jar").exists()


def test_an_unreadable_stamp_is_only_a_reason_to_check_again(tmp_path: Path) -> None:
    cache = JarCache(LOCK, tmp_path, Registry())
    paths = cache.ensure()
    (cache.folder / "verified.json").write_text("{")
    assert JarCache(LOCK, tmp_path, Registry(online=False)).ensure() == paths


def test_parallel_first_uses_fetch_once(tmp_path: Path) -> None:
    registry = Registry()
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: JarCache(LOCK, tmp_path, registry).ensure(), range(4)))
    assert sorted(registry.fetched) == sorted(jar.artifact for jar in LOCK.jars)
    assert all(result == results[0] for result in results)


def test_another_lock_has_a_folder_of_its_own(tmp_path: Path) -> None:
    other = KafkaLock((*LOCK.jars, locked("zstd-jni")))
    assert JarCache(LOCK, tmp_path).folder != JarCache(other, tmp_path).folder


def test_an_unreachable_registry_is_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # nobody listens on the discard port
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(NoNetwork, match="could not be fetched"):
        fetch_from_maven(LOCK.jars[0], tmp_path)
