"""Whether cleaning stays linear: CPU a megabyte of pages of one shape, from an ordinary size to the largest.

python -m benchmarks.cleaning.growth KIND SIZE      one measurement, as JSON, in a process of its own
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.cleaning.race import CHECKOUT
from benchmarks.cleaning.shapes import shape
from schemas.raw import RawArticle
from services.clean.clean import clean
from services.clean.stage import sample
from services.runtime.outcome import Rejected

SIZES = (60_000, 600_000, 2_400_000, 10_000_000)  # the last is just below `clean.MAX_BYTES`
ROUNDS_BELOW = 1_000_000  # larger pages are measured twice
ROUNDS = 4
MOST_SECONDS = 40
# A kind grows worse than linearly where a megabyte costs so many times what it costs at the first size.
# Colder caches make up to 1.6 of it; squared, it would be over a hundred.
LINEAR = 2.0


@dataclass(frozen=True)
class Point:
    """One measurement. `seconds`: None where it took more than `MOST_SECONDS`; `reason` of a rejection."""

    size: int
    seconds: float | None
    reason: str | None = None

    @property
    def per_megabyte(self) -> float:
        """CPU seconds a megabyte."""
        return float("inf") if self.seconds is None else self.seconds / self.size * 1e6


def grow(kind: str) -> list[Point]:
    """Return the measurements of one kind, smallest first."""
    return [_measured(kind, size) for size in SIZES]


def factor(points: list[Point]) -> float:
    """Return how many times its first cost a megabyte costs at worst."""
    return max(point.per_megabyte for point in points[1:]) / points[0].per_megabyte


def _measured(kind: str, size: int) -> Point:
    command = [sys.executable, "-m", "benchmarks.cleaning.growth", kind, str(size)]
    try:
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, timeout=MOST_SECONDS, check=True)
    except subprocess.TimeoutExpired:
        return Point(size, None)
    return Point(**json.loads(done.stdout))


def measure(kind: str, size: int) -> Point:
    """Return the best CPU time of cleaning a page of this kind, in a process prepared as the stage's."""
    clean(sample())
    clean(_raw(shape(kind, SIZES[0])))
    raw = _raw(shape(kind, size))
    gc.collect()
    gc.freeze()
    best = min(_rounds(raw, ROUNDS if size < ROUNDS_BELOW else 2))
    return Point(len(raw.body), *best)


def _rounds(raw: RawArticle, rounds: int) -> Iterator[tuple[float, str | None]]:
    for _ in range(rounds):
        began = time.process_time()
        outcome = clean(raw)
        yield time.process_time() - began, outcome.reason if isinstance(outcome, Rejected) else None


def _raw(data: bytes) -> RawArticle:
    return RawArticle(body=data, source_id="bench", fetched_at=datetime.now(UTC))


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2])).__dict__))
