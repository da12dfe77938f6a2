"""One step of the chain in another framework: `python -m benchmarks.peers PEER STEP ADDRESS PREFIX`.

Both as their documentation shows it, with their defaults, but for what the records need: bytes in and out, a
group that begins at the start of the topic, and topics that exist already. Both run at least once; Quix
Streams can do exactly once too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.steps import STEPS, Step
from schemas.topics import RAW_ARTICLE


def topic_name(prefix: str, peer: str, name: str) -> str:
    """Return the name of a topic: the raw pages are shared, everything else is the peer's own."""
    return f"{prefix}{name}" if name == RAW_ARTICLE.name else f"{prefix}{peer}.{name}"


def run_faust(step: Step, name: str, address: str, prefix: str) -> None:
    """Run a step as a plain Faust agent until it is told to stop."""
    import faust  # noqa: PLC0415 - a peer loads only itself

    app = faust.App(
        f"{prefix}faust-{name}",
        broker=f"kafka://{address}",
        consumer_auto_offset_reset="earliest",
        topic_disable_leader=True,
        web_enabled=False,
    )
    source, target = (
        app.topic(topic_name(prefix, "faust", topic), value_serializer="raw", key_serializer="raw")
        for topic in (step.source, step.target)
    )

    @app.agent(source)
    async def work(stream: Any) -> None:
        async for event in stream.events():
            headers = list(dict(event.headers).items())
            for value in step.function(event.value, headers, round(event.message.timestamp * 1000)):
                await target.send(key=event.key, value=value)

    faust.Worker(app, loglevel="warning").execute_from_commandline()


def run_quix(step: Step, name: str, address: str, prefix: str, *, exactly_once: bool = False) -> None:
    """Run a step as a Quix Streams application until it is told to stop."""
    from quixstreams import Application  # noqa: PLC0415 - a peer loads only itself

    peer = "quix-exactly-once" if exactly_once else "quix"
    app = Application(
        address,
        consumer_group=f"{prefix}{peer}-{name}",
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once" if exactly_once else "at-least-once",
        loglevel="WARNING",
    )
    source, target = (
        app.topic(
            topic_name(prefix, peer, topic),
            key_deserializer="bytes",
            value_deserializer="bytes",
            key_serializer="bytes",
            value_serializer="bytes",
        )
        for topic in (step.source, step.target)
    )
    frame = app.dataframe(source)
    frame = frame.apply(
        lambda value, _key, timestamp, headers: step.function(value, list(headers or []), timestamp),
        expand=True,
        metadata=True,
    )
    frame.to_topic(target)
    app.run()


PEERS: dict[str, Callable[[Step, str, str, str], None]] = {
    "faust": run_faust,
    "quix": run_quix,
    "quix-exactly-once": partial(run_quix, exactly_once=True),
}

if __name__ == "__main__":
    peer, step_name, broker, topic_prefix = sys.argv[1:5]
    sys.argv[1:] = []
    PEERS[peer](STEPS[step_name], step_name, broker, topic_prefix)
