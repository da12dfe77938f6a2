"""Inputs that no cleaner was written for: pages changed, cut, spliced and mixed, noise, and grammar.

Input `number` of a `seed` is always the same bytes, whatever was made before it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import yaml

from tests.cleaning.corpus import corpus

DATA = Path(__file__).parent / "data" / "vocabulary.yaml"
LONGEST = 1_800  # bytes of a base: a million inputs shall end within the hour
HEAD = 300  # bytes of a long page's head that stay in front of the piece of it that is taken
MAX_INPUT = 60_000
CODECS = ("utf-8", "gb18030", "big5", "utf-16", "utf-16-le", "utf-32", "cp1252", "shift_jis", "euc_kr", "hz")
TAG = re.compile(rb"<[^<>]{0,200}>")
RANGES = (
    (0x20, 0x7F),
    (0x4E00, 0x9FFF),
    (0x4E00, 0x9FFF),
    (0x3000, 0x303F),
    (0xFF00, 0xFFEF),
    (0, 0x2FF),
    (0x300, 0x36F),
    (0x2000, 0x206F),
    (0x3040, 0x30FF),
    (0xE000, 0xF8FF),
    (0xFB00, 0xFDFF),
    (0x1F300, 0x1F6FF),
    (0x20000, 0x2A6DF),
    (0xE0000, 0xE01EF),
    (0, 0x10FFFF),
)
Mutation = Callable[[random.Random, bytes], bytes]


def make_input(seed: int, number: int) -> bytes:
    """Return input `number`, 0 to `MAX_INPUT` bytes."""
    rng = random.Random(f"{seed}:{number}")
    data = rng.choices(SOURCES, SOURCE_WEIGHTS)[0](rng)
    for _ in range(rng.choices((0, 1, 2, 4), (1, 5, 3, 1))[0]):
        data = rng.choice(MUTATIONS)(rng, data)[:MAX_INPUT]
    return data


@cache
def _vocabulary(kind: str) -> Sequence[str]:
    content: dict[str, list[str]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return content[kind]


@cache
def _pages() -> Sequence[bytes]:
    return [page.bytes for page in corpus()]


def page(rng: random.Random) -> bytes:
    """Return a page of the corpus; of a long one its head and a piece."""
    data = rng.choice(_pages())
    if len(data) <= LONGEST:
        return data
    start = rng.randrange(len(data) - LONGEST)
    return data[:HEAD] + data[start : start + rng.randint(200, LONGEST)]


def random_bytes(rng: random.Random) -> bytes:
    """Return noise."""
    return rng.randbytes(rng.randint(0, 1500))


def random_text(rng: random.Random) -> bytes:
    """Return characters of all planes, in some encoding."""
    low, high = rng.choice(RANGES)
    other = rng.choice(RANGES)
    points = [
        rng.randint(low, high) if rng.random() < 0.9 else rng.randint(*other)
        for _ in range(rng.randint(1, 400))
    ]
    return _encoded("".join(map(chr, points)), rng.choice(CODECS))


def lines_of_words(rng: random.Random) -> bytes:
    """Return lines put together from what the patterns look for."""
    lines = (
        "".join(rng.choices(_vocabulary("words"), k=rng.randint(1, 24))) for _ in range(rng.randint(1, 10))
    )
    return _encoded(rng.choice(("\n", "\n", "\r\n", "\n\n", "")).join(lines), rng.choice(CODECS[:3]))


def grammar(rng: random.Random) -> bytes:
    """Return markup that opens and closes as it likes."""
    pieces = ["<!doctype html><html><body>"] if rng.random() < 0.7 else []
    for _ in range(rng.randint(5, 50)):
        name = rng.choice(_vocabulary("tags"))
        kind = rng.random()
        if kind < 0.4:
            attributes = " ".join(rng.choices(_vocabulary("attributes"), k=rng.randint(0, 3)))
            pieces.append(f"<{name} {attributes}>")
        elif kind < 0.65:
            pieces.append(f"</{name}>")
        else:
            pieces.append("".join(rng.choices(_vocabulary("words"), k=rng.randint(1, 12))))
    return _encoded("".join(pieces), "utf-8")


def flip(rng: random.Random, data: bytes) -> bytes:
    """Change single bytes."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 1 + len(data) // 100)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(rng: random.Random, data: bytes) -> bytes:
    """Keep one piece, or take one out."""
    start, end = _span(rng, data)
    return data[start:end] if rng.random() < 0.5 else data[:start] + data[end:]


def splice(rng: random.Random, data: bytes) -> bytes:
    """Put a piece of another page into it, in that one's encoding."""
    other = page(rng)
    start, end = _span(rng, other)
    at = rng.randint(0, len(data))
    return data[:at] + other[start:end] + data[at:]


def repeat(rng: random.Random, data: bytes) -> bytes:
    """Repeat a piece, a short one often."""
    start, end = _span(rng, data)
    times = rng.randint(2, max(3, min(300, 5_000 // max(1, end - start))))
    return data[:start] + data[start:end] * times + data[end:]


def drop_tags(rng: random.Random, data: bytes) -> bytes:
    """Take some tags out."""
    share = rng.random()
    return TAG.sub(lambda match: b"" if rng.random() < share else match[0], data)


def drop_sign(rng: random.Random, data: bytes) -> bytes:
    """Take every sign of one kind out that markup or sentences stand on."""
    return data.replace(
        rng.choice((b"<", b">", b'"', b"/", b"\n", b" ", b"=", b"\xe3\x80\x82", b"\xef")), b""
    )


def recode(rng: random.Random, data: bytes) -> bytes:
    """Write a part of it, or all, in another encoding, or read in a wrong one."""
    start, end = _span(rng, data) if rng.random() < 0.5 else (0, len(data))
    text = data[start:end].decode(rng.choice(CODECS[:3]), "replace")
    return data[:start] + _encoded(text, rng.choice(CODECS)) + data[end:]


def sow(rng: random.Random, data: bytes) -> bytes:
    """Strew words that the patterns look for."""
    for _ in range(rng.randint(1, 12)):
        at = rng.randint(0, len(data))
        data = data[:at] + _encoded(rng.choice(_vocabulary("words")) * rng.randint(1, 4), "utf-8") + data[at:]
    return data


def shuffle(rng: random.Random, data: bytes) -> bytes:
    """Put the lines, or the pieces between tags, in any order."""
    sign = rng.choice((b"\n", b"<", b">"))
    pieces = data.split(sign)
    rng.shuffle(pieces)
    return sign.join(pieces)


SOURCES = (page, random_bytes, random_text, lines_of_words, grammar)
SOURCE_WEIGHTS = (25, 25, 20, 15, 15)
MUTATIONS: tuple[Mutation, ...] = (
    flip,
    cut,
    splice,
    repeat,
    drop_tags,
    drop_sign,
    recode,
    sow,
    shuffle,
)


def _span(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.choice((2, 20, 200, 2000)))


def _encoded(text: str, codec: str) -> bytes:
    return text.encode(codec, "surrogatepass" if codec.startswith("utf") else "ignore")
