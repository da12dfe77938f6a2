"""MinHash of a text: near-duplicates of an article have like fingerprints.

One-permutation hashing with 128 bins (Li, Owen, Zhang 2012) over character 4-grams; an empty bin borrows from
the next full one, mixed with the distance (densification by rotation, Shrivastava and Li 2014), so that short
texts can be compared too. The same text gives the same fingerprint on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SLOTS = 128
GRAM = 4
EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
# Odd constants with well spread bits: the golden ratio, and the finalizer of SplitMix64 (Steele et al. 2014).
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
STEP = 0x9E3779B1  # 32 bits of the golden ratio, for the distance of a borrowed bin


def fingerprint(text: str) -> list[int]:
    """Return 128 numbers below 2**32; all 0 for a text without any character but white space."""
    points = np.frombuffer("".join(text.split()).encode("utf-32-le"), dtype=np.uint32)
    if not points.size:
        return [0] * SLOTS
    hashes = _hash(points)
    bins = (hashes >> np.uint64(57)).astype(np.intp)
    slots = np.full(SLOTS, EMPTY)
    np.minimum.at(slots, bins, hashes & np.uint64(0x01FFFFFFFFFFFFFF))
    return _densify(slots)


def jaccard(left: Sequence[int], right: Sequence[int]) -> float:
    """Return the estimated Jaccard similarity of the two texts' sets of 4-grams, 0 to 1."""
    return sum(a == b for a, b in zip(left, right, strict=True)) / len(left)


def _hash(points: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return one 64-bit hash a 4-gram (a shorter text is one gram)."""
    wide = points.astype(np.uint64)
    size = max(1, wide.size - GRAM + 1)
    grams = np.zeros(size, dtype=np.uint64)
    for offset in range(min(GRAM, wide.size)):
        grams = (grams + wide[offset : offset + size]) * GOLDEN
    grams = (grams ^ (grams >> np.uint64(30))) * MIX_1
    grams = (grams ^ (grams >> np.uint64(27))) * MIX_2
    return grams ^ (grams >> np.uint64(31))


def _densify(slots: NDArray[np.uint64]) -> list[int]:
    full = np.flatnonzero(slots != EMPTY)
    every = np.arange(SLOTS)
    source = full[np.searchsorted(full, every) % full.size]
    distance = (source - every) % SLOTS
    values = (slots[source] >> np.uint64(25)) + (distance * STEP).astype(np.uint64)
    result: list[int] = (values & np.uint64(0xFFFFFFFF)).tolist()
    return result
