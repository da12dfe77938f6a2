"""`isowire topics ensure` and `isowire tail`: the topics themselves, and what is on them."""

from __future__ import annotations

import asyncio
import base64
import sys
from typing import Annotated, Any

import orjson
import typer
from aiokafka import ConsumerRecord, TopicPartition

from schemas.headers import get
from schemas.topics import DEAD_LETTER, RAW_ARTICLE, subscription_topic
from services.alert.rules import load_rules
from services.alert.settings import AlertSettings
from services.cli.console import err, told_errors
from services.runtime.kafka import ensure_topics, reader
from services.runtime.settings import KafkaSettings

app = typer.Typer(help="The topics of the chain.", no_args_is_help=True)

BYTES_SHOWN = 600  # of a value that is not JSON, in the form for people


@app.command()
def ensure() -> None:
    """Create the topics that are missing, those of the subscriptions too."""
    with told_errors():
        rules = load_rules(AlertSettings().rules_file)
        extra = [subscription_topic(subscription.id) for subscription in rules.subscriptions]
        created = asyncio.run(ensure_topics(KafkaSettings(), extra))
    for name in created:
        err.print(f"created {name}")
    err.print("all topics are there" if not created else f"{len(created)} created")


def tail(
    topic: Annotated[str, typer.Argument(help="A topic's name without the deployment's prefix.")],
    *,
    from_start: Annotated[bool, typer.Option("--from-start", help="All that is there, first.")] = False,
    limit: Annotated[int | None, typer.Option(help="Stop after so many records.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a record, headers and all.")
    ] = False,
) -> None:
    """Print the records of a topic as they come, until Ctrl-C."""
    with told_errors():
        try:
            asyncio.run(_tail(KafkaSettings(), topic, from_start=from_start, limit=limit, as_json=as_json))
        except (KeyboardInterrupt, asyncio.CancelledError):
            return


async def _tail(
    settings: KafkaSettings, topic: str, *, from_start: bool, limit: int | None, as_json: bool
) -> None:
    name = settings.topic(topic)
    consumer = reader(settings)
    await consumer.start()
    try:
        await _assign(consumer, name, from_start=from_start)
        seen = 0
        while limit is None or seen < limit:
            record = await consumer.getone()
            _print_record(topic, record, as_json=as_json)
            seen += 1
    finally:
        await consumer.stop()


async def _assign(consumer: Any, name: str, *, from_start: bool) -> None:
    if name not in await consumer.topics():
        raise ValueError(f"there is no topic {name}; `isowire topics ensure` creates the topics")
    partitions = [TopicPartition(name, p) for p in consumer.partitions_for_topic(name) or ()]
    consumer.assign(partitions)
    await (consumer.seek_to_beginning if from_start else consumer.seek_to_end)(*partitions)


def _print_record(topic: str, record: ConsumerRecord, *, as_json: bool) -> None:
    value: bytes = record.value or b""
    if as_json:
        line = orjson.dumps(_as_object(topic, record))
    elif topic in (RAW_ARTICLE.name, DEAD_LETTER.name):
        told = get(record.headers, "ce_url") or get(record.headers, "ce_id")
        line = (
            f"{record.partition}:{record.offset} {told} {len(value)} bytes {value[:BYTES_SHOWN]!r}".encode()
        )
    else:
        line = orjson.dumps(orjson.loads(value) if value else None, option=orjson.OPT_INDENT_2)
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def _as_object(topic: str, record: ConsumerRecord) -> dict[str, Any]:
    binary = topic in (RAW_ARTICLE.name, DEAD_LETTER.name)
    value = record.value
    return {
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "key": record.key.decode("utf-8", "replace") if record.key else None,
        "headers": {k: v.decode("utf-8", "replace") for k, v in record.headers},
        **(
            {"value_base64": base64.b64encode(value or b"").decode()}
            if binary
            else {"value": orjson.loads(value) if value else None}
        ),
    }
