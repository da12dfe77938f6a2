"""Noise over a rendered page: what hijacked hosts do to the copies they carry, drawn from `tests.noise`."""

from __future__ import annotations

import html
import re
from random import Random

from tests import noise

RUN = re.compile("[\u3400-\u9fff]+")
SPAM = "spam"
TITLE_SPAM = "棋牌娱乐app下载|"
# What the noise may be that a tool puts on the Chinese of a page, its markup left alone.
ON_RUNS = (
    *(name for name in noise.TRANSLITERATION if name != "split"),
    "invisible",
    "replacement",
)
AS_THEY_ARE = {"ruby", "entity"}  # forms that are markup themselves
# What it may be that goes over all of a page, markup and all.
ON_ALL = ("utf8_as_1252", "gbk_as_latin1")
# What it may be of text only: tools that flatten leave it behind.
ON_TEXT = {
    "split": ["split"],
    "tags": ["tags"],
    "escaped": ["escaped"],
    "jammers": ["jammers"],
    "paragraph_utf8_as_1252": ["paragraph_utf8_as_1252"],
    "damaged": ["toned", "out_of_step"],
}
ON_ANY = (*ON_RUNS, *ON_ALL, SPAM)
CLOAKS = (*ON_ANY, *ON_TEXT)
COMMON = ("toned", "toneless", "invisible", SPAM)  # what most hijacked hosts do


def cloak(text: str, kind: str, rng: Random, *, plain: bool) -> tuple[str, list[str]]:
    """Return the page with such noise, and the phrases that came with it and may not stand in the body."""
    if kind == SPAM:
        return _with_spam(text, plain=plain)
    if kind in ON_RUNS:
        return _on_runs(text, kind, rng, escape=not plain and kind not in AS_THEY_ARE), []
    return noise.cloak(text, rng, ON_TEXT.get(kind, [kind])), []


def _on_runs(text: str, kind: str, rng: Random, *, escape: bool) -> str:
    """Put the noise on all runs of Chinese characters at once, so that it marks the same ones throughout."""
    runs = RUN.findall(text)
    cloaked = iter(noise.cloak("\n".join(runs), rng, [kind]).split("\n"))
    return RUN.sub(lambda _: html.escape(next(cloaked), quote=False) if escape else next(cloaked), text)


def _with_spam(text: str, *, plain: bool) -> tuple[str, list[str]]:
    """Put lists of search words above the page and into its title, and of counties below it."""
    above, below = noise.KEYWORDS, noise.COUNTIES.replace("|", "| ")
    if plain:
        return f"{above}\n\n{text}\n{below}\n", [above, below]
    text = text.replace("<title>", f"<title>{TITLE_SPAM}", 1)
    text = re.sub(r"(<body[^>]*>)", rf"\g<1><p>{above}</p>", text, count=1)
    return re.sub("</(body|html)>", rf"<p>{below}</p></\g<1>>", text, count=1), [above, below]
