"""What a stage is: a name, a topic in, a topic out, and a pure function.

The function knows nothing of Kafka. The runner (`services.runtime.runner`) does all the I/O around it, and
calls it in a worker process (`services.runtime.worker`), which finds the stage by a reference such as
`services.clean.stage:STAGE`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

from schemas.cleaned import CleanedArticle
from schemas.headers import Headers, cloud_event, traceparent
from schemas.topics import Topic
from services.runtime.outcome import Rejected

MIB: Final = 1024 * 1024

In = TypeVar("In")
Out = TypeVar("Out")


class Guarantee(StrEnum):
    """What readers of the target topic can rely on when a stage fails."""

    EXACTLY_ONCE = "exactly_once"
    """Nothing is lost and, for a `read_committed` reader, nothing repeats. The broker needs transactions."""

    AT_LEAST_ONCE = "at_least_once"
    """Nothing is lost; after a failure the last batch may come again, under the same derived ids."""


class InputRecord(NamedTuple):
    """What a stage gets of a record: the bytes, the headers, and Kafka's time in epoch milliseconds."""

    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp_ms: int


class OutputRecord(NamedTuple):
    """What a stage writes. The times of the stages passed are added by the worker."""

    key: bytes | None
    value: bytes | None
    headers: Headers


Tallies = Mapping[str, Mapping[str, int]]  # {"repairs": {"pinyin": 12}}


class Settled(NamedTuple):
    """A result as the memory leaves it, and what is counted about that."""

    value: bytes
    tallies: Tallies


class Memory(Protocol):
    """The last results of one partition, for a stage whose results depend on the earlier ones.

    It knows nothing but what stands on the target topic. That has as many partitions as the source, and keys
    its records alike, so that what belongs together stands in the partition of the same number.
    """

    def learn(self, value: bytes) -> None:
        """Take in a result that stands on the topic; raises `ValueError` for what is none."""

    def settle(self, value: bytes) -> Settled:
        """Return a new result in the light of the earlier ones, and take it in."""


@dataclass(frozen=True)
class Stage(Generic[In, Out]):
    """The declaration of a stage."""

    name: str
    source: Topic
    target: Topic
    function: Callable[[In], Out | Sequence[Out] | Rejected]
    decode: Callable[[InputRecord], In]
    encode: Callable[[Out], OutputRecord]
    guarantee: Guarantee = Guarantee.EXACTLY_ONCE

    # A page takes some 2 ms. What takes a thousand times as long, or this much memory more than an idle
    # worker, will not end well.
    deadline_seconds: float = 5.0
    memory_limit_bytes: int = 1024 * MIB
    # A batch shares one transaction: more cost less each, and let the others of the process wait.
    max_batch_records: int = 64
    max_batch_bytes: int = 4 * MIB

    memory: Callable[[int], Memory] | None = None  # given how many results it shall remember

    reasons: tuple[str, ...] = ()  # of its `Rejected`, for the metrics
    tallies: Callable[[Out], Tallies] | None = None
    tally_kinds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    published: Callable[[Out], datetime | None] | None = None
    sample: Callable[[], In] | None = None  # something small that makes the function load its data


def load_stage(reference: str) -> Stage[Any, Any]:
    """Return the stage that `module:attribute` names; raises `ImportError`, `AttributeError`, `TypeError`."""
    module, _, attribute = reference.partition(":")
    stage = getattr(importlib.import_module(module), attribute)
    if not isinstance(stage, Stage):
        msg = f"{reference} is no Stage"
        raise TypeError(msg)
    return stage


def article_record(article: CleanedArticle, *, stage: str, topic: Topic) -> OutputRecord:
    """Return an article as it goes on the wire: keyed by its url id, with the headers of a CloudEvent."""
    event = cloud_event(
        event_id=article.article_id,
        source=f"/isowire/{stage}",
        event_type=f"isowire.{topic.name}",
        time=article.fetched_at,
        extensions={"url": article.url, "sourceid": article.source_id},
    )
    trace = ("traceparent", traceparent(article.article_id, stage))
    return OutputRecord(article.url_id.encode(), article.to_json(), [*event, trace])
