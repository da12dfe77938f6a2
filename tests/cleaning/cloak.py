"""Noise over a rendered page, by kind: what hijacked hosts do to the copies they carry."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import lru_cache

from tests import noise

HAN = re.compile("[\u3400-\u9fff]+")
SENTENCE = re.compile("[\u3400-\u9fff，。；：“”、]{30,}")
INVISIBLE = "\u200b\u200d\ufeff\u0007\u0005"
# The kinds of noise, and the kinds of repair that each gives reason for.
CLOAKS: dict[str, frozenset[str]] = {
    "toned": frozenset({"pinyin", "script"}),
    "toneless": frozenset({"pinyin"}),
    "doubled": frozenset({"pinyin"}),
    "invisible": frozenset({"control_characters"}),
    "damaged": frozenset({"pinyin", "script", "byte_damage", "copied_character"}),
    "spam": frozenset(),
}
FLAT_ONLY = {"damaged"}  # the tool that tears bytes apart leaves flattened text behind
MARKED = "医学院业发电产从国报时间记实验员应长门"


def cloak(text: str, kind: str, rng: random.Random, *, plain: bool) -> tuple[str, list[str]]:
    """Return the page with such noise, and the phrases that came with it and may not stand in the body."""
    if kind == "none":
        return text, []
    if kind == "spam":
        return _with_spam(text, plain=plain)
    return PUT_ON[kind](text, rng), []


def _toned(text: str, _rng: random.Random) -> str:
    return HAN.sub(lambda match: "".join(map(_toned_character, match[0])), text)


@lru_cache(None)
def _toned_character(character: str) -> str:
    return noise.toned(character)


def _toneless(text: str, rng: random.Random) -> str:
    marked = set(rng.sample(MARKED, 8))
    return HAN.sub(
        lambda match: "".join(_toneless_character(c) if c in marked else c for c in match[0]), text
    )


@lru_cache(None)
def _toneless_character(character: str) -> str:
    return noise.toneless(character, character)


def _doubled(text: str, rng: random.Random) -> str:
    return noise.doubled(text, rng.choice("是有在为"))


def _invisible(text: str, rng: random.Random) -> str:
    return HAN.sub(lambda match: noise.sprinkled(match[0], rng.choice(INVISIBLE)), text)


def _damaged(text: str, rng: random.Random) -> str:
    """Tear a few sentences, then mark the traditional forms of the rest."""
    places = [match.start() + rng.randrange(4, 20) for match in SENTENCE.finditer(text)]
    for start in sorted(rng.sample(places, min(2, len(places))), reverse=True):
        text = noise.out_of_step(text, start)
    return _toned(text, rng)


PUT_ON: dict[str, Callable[[str, random.Random], str]] = {
    "toned": _toned,
    "toneless": _toneless,
    "doubled": _doubled,
    "invisible": _invisible,
    "damaged": _damaged,
}


def _with_spam(text: str, *, plain: bool) -> tuple[str, list[str]]:
    """Put lists of search words above the page and of counties below it."""
    added = [noise.KEYWORDS, noise.COUNTIES.replace("|", "| ")]
    if plain:
        return f"{added[0]}\n\n{text}\n{added[1]}\n", added
    opening = re.sub(r"(<body[^>]*>)", rf"\g<1><p>{added[0]}</p>", text, count=1)
    return re.sub("</(body|html)>", rf"<p>{added[1]}</p></\g<1>>", opening, count=1), added
