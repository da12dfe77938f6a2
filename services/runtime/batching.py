"""How many records go through the stage together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

Item = TypeVar("Item")


def take_batch(
    waiting: deque[Item], max_records: int, max_bytes: int, size: Callable[[Item], int]
) -> list[Item]:
    """Take the first records off `waiting`: at least one, then as long as both limits hold."""
    batch = [waiting.popleft()]
    total = size(batch[0])
    while waiting and len(batch) < max_records and total + size(waiting[0]) <= max_bytes:
        batch.append(waiting.popleft())
        total += size(batch[-1])
    return batch
