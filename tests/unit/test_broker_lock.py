from __future__ import annotations

import pytest

from services.runtime.broker.lock import LOCK_FILE, KafkaLock, LockedJar, parse_lock, read_lock

SHA = "ab" * 32
KAFKA = f"org.apache.kafka:kafka_2.13:4.4.0 {SHA} 12"


def test_the_lock_in_the_repository_is_whole() -> None:
    lock = read_lock()
    assert lock.kafka_version.startswith("4.")
    assert {"kafka-clients", "kafka-server", "log4j-slf4j-impl"} <= {jar.artifact for jar in lock.jars}
    assert len({jar.file_name for jar in lock.jars}) == len(lock.jars)
    assert lock.to_text() == LOCK_FILE.read_text()


def test_the_lock_names_no_address() -> None:
    assert "://" not in LOCK_FILE.read_text()


def test_reads_what_it_writes() -> None:
    lock = KafkaLock((LockedJar("org.apache.kafka", "kafka_2.13", "4.4.0", SHA, 12),))
    assert parse_lock(lock.to_text()) == lock


@pytest.mark.parametrize(
    "line", ["kafka_2.13:4.4.0 " + SHA + " 12", KAFKA.removesuffix("12"), KAFKA.replace(SHA, SHA[:-1])]
)
def test_says_which_line_is_wrong(line: str) -> None:
    with pytest.raises(ValueError, match="line 3 is not"):
        parse_lock(f"# comment\n{KAFKA}\n{line}\n")


def test_refuses_a_lock_without_kafka() -> None:
    with pytest.raises(ValueError, match="names no kafka"):
        parse_lock(f"org.slf4j:slf4j-api:1.7.36 {SHA} 12\n")


def test_the_digest_follows_the_checksums() -> None:
    assert parse_lock(KAFKA).digest != parse_lock(KAFKA.replace("ab", "cd")).digest
