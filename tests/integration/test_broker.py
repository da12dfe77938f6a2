from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.runtime.broker import BrokerSettings, EmbeddedBroker, PortTaken, StartFailed
from tests.conftest import Kafka, MakeTopic, OwnBroker, create_topic

pytestmark = pytest.mark.kafka


async def send(address: str, topic: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=address, max_request_size=20_000_000) as producer:
        await producer.send_and_wait(topic, value)


async def first(address: str, topic: str) -> bytes | None:
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=address, auto_offset_reset="earliest", max_partition_fetch_bytes=20_000_000
    ) as consumer:
        value: bytes | None = (await consumer.getone()).value
        return value


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_keeps_data_and_port_over_a_restart(own_broker: OwnBroker, end: str) -> None:
    address = own_broker.address
    await create_topic(address, "kept")
    await send(address, "kept", b"page")
    getattr(own_broker, end)()
    assert own_broker.broker.status() is None

    own_broker.start()

    assert own_broker.address == address
    assert await first(address, "kept") == b"page"


async def test_takes_the_largest_page(kafka: Kafka, make_topic: MakeTopic) -> None:
    topic = await make_topic("large", config={"max.message.bytes": "12582912"})
    page = b"x" * (10 * 1024 * 1024)
    await send(kafka.address, topic, page)
    assert await first(kafka.address, topic) == page


def test_parallel_starts_of_one_folder_are_one_broker(own_broker: OwnBroker) -> None:
    own_broker.stop()
    brokers = [own_broker.broker for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        pids = {status.pid for status in pool.map(EmbeddedBroker.start, brokers)}
    assert len(pids) == 1


def test_says_which_port_is_taken(own_broker: OwnBroker, tmp_path: Path) -> None:
    port = int(own_broker.address.rpartition(":")[2])
    other = EmbeddedBroker(BrokerSettings(folder=tmp_path / "other", port=port))
    with pytest.raises(PortTaken, match=f"port {port} .* is taken"):
        other.start()


def test_shows_the_log_where_kafka_does_not_start(own_broker: OwnBroker) -> None:
    own_broker.stop()
    meta = own_broker.broker.folder / "data" / "meta.properties"
    meta.write_text(meta.read_text().replace("node.id=1", "node.id=7"))
    with pytest.raises(StartFailed, match=r"(?s)ended at its start.*node"):
        own_broker.start()
    assert own_broker.broker.status() is None


USER = """
import sys, time
from pathlib import Path
from services.runtime.broker import BrokerSettings, EmbeddedBroker, guarded
folder = Path(sys.argv[1])
with guarded(folder):
    EmbeddedBroker(BrokerSettings(folder=folder, port=0)).start()
    print("started", flush=True)
    time.sleep(60)
"""


def test_a_guarded_broker_does_not_outlive_its_user(kafka: Kafka, tmp_path: Path) -> None:  # noqa: ARG001 - skips
    with subprocess.Popen([sys.executable, "-c", USER, str(tmp_path)], stdout=subprocess.PIPE) as user:
        assert user.stdout
        assert user.stdout.readline() == b"started\n"
        status = EmbeddedBroker(BrokerSettings(folder=tmp_path)).status()
        assert status
        broker = psutil.Process(status.pid)
        user.kill()
    broker.wait(timeout=60)
