"""The corpus: every article on some of the templates that fit it, clean and cloaked; and pages that are none.

The same seed gives the same bytes on every machine: all chance comes from generators named after their page.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle

import opencc

from tests.cleaning.article import Article, articles
from tests.cleaning.cloak import CLOAKS, COMMON, ON_ANY, cloak
from tests.cleaning.page import Golden, Page
from tests.cleaning.template import DAYS, MINUTES, Rendered, Template, render, templates

SEED = 20260901
CLEAN_PAGES = 5  # of an article, each on another template
CLEAN = "none"  # no noise
NONE = "none"  # the kind of what is no article: it stands on all templates that fit
MIN_PHRASE = 6  # characters; furniture shorter than this may stand in any article
MIN_LATIN_PHRASE = 20
TO_TAIWAN = opencc.OpenCC("s2tw")
LANGUAGES = {"Hans": "zh-Hans", "Hant": "zh-Hant", "Latn": "en"}


def corpus(seed: int = SEED) -> Iterator[Page]:
    """Yield all pages, in a fixed order."""
    rare = cycle([noise for noise in CLOAKS if noise not in COMMON])
    for article in articles():
        fitting = [template for template in templates() if template.fits(article)]
        rng = random.Random(f"{seed}:{article.name}")
        count = len(fitting) if article.kind == NONE else min(CLEAN_PAGES, len(fitting))
        for template in rng.sample(fitting, count):
            yield _page(article, template, CLEAN, seed)
        if article.script == "Hans" and article.kind != NONE:
            able = [template for template in fitting if template.plain]
            for noise in rng.choice(COMMON), next(rare):
                yield _page(article, rng.choice(fitting if noise in ON_ANY else able or fitting), noise, seed)


def checksum(pages: Iterable[Page]) -> str:
    """Return the SHA-256 of the pages: names, bytes, addresses, headers and golden values."""
    digest = hashlib.sha256()
    for page in pages:
        for piece in (page.name, page.url, page.content_type, page.golden):
            digest.update(f"{piece}\0".encode())
        digest.update(hashlib.sha256(page.bytes).digest())
    return digest.hexdigest()


def _page(article: Article, template: Template, noise: str, seed: int) -> Page:
    name = f"{article.name}.{template.name}.{noise}"
    rng = random.Random(f"{seed}:{name}")
    rendered = render(template, article, rng)
    text = TO_TAIWAN.convert(rendered.text) if article.script == "Hant" else rendered.text
    added: list[str] = []
    if noise != CLEAN:
        text, added = cloak(text, noise, rng, plain=template.plain)
    return Page(
        name=name,
        bytes=_encoded(text, rendered.encoding.bytes, plain=template.plain),
        url=rendered.url,
        content_type=rendered.encoding.header,
        golden=_golden(article, template, rendered, noise, added),
        template=template.name,
        noise=noise,
    )


def _encoded(text: str, codec: str, *, plain: bool) -> bytes:
    """Return the bytes; what a codec lacks becomes a reference, or a better codec where there are none."""
    if not plain:
        return text.encode(codec, "xmlcharrefreplace")
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return text.encode("gb18030" if codec == "gbk" else "utf-8")


def _golden(
    article: Article, template: Template, rendered: Rendered, noise: str, added: Sequence[str]
) -> Golden:
    """Return what a reader would say of the article as this template shows it."""
    if template.reasons:
        return Golden(reasons=template.reasons)
    published, precision = _published(article, template)
    shown = template.slots | article.told
    captions = tuple(block.shown for block in rendered.blocks if block.kind == "caption")
    clean = noise == CLEAN
    reporters = article.reporters if "reporters" in shown else ()
    correspondents = article.correspondents if "correspondents" in shown else ()
    return Golden(
        title=article.title,
        published=published,
        precision=precision,
        publisher=article.site if "site" in shown or _is_told(article.site, rendered.said) else None,
        source=(article.source or None) if "source" in shown else None,
        reporters=(*reporters, *correspondents),
        correspondents=correspondents,
        editor=(article.editor or None) if "editor" in shown else None,
        column=(article.column or None) if "column" in shown else None,
        captions=captions,
        language=LANGUAGES[article.script] if clean else None,
        script=article.script if clean else None,
        digest=article.digest,
        body=tuple(golden for block in rendered.blocks if (golden := block.golden)),
        vanish=tuple(_phrases([*rendered.said, *added], article)),
        repairs=template.repairs if clean else None,
    )


def _published(article: Article, template: Template) -> tuple[str | None, str | None]:
    """Return the date as far as the page tells it, and how far that is."""
    day = article.published[: len("2024-06-25")]
    if template.slots & MINUTES and article.published != day:
        return article.published, "minute"
    if template.slots & (MINUTES | DAYS) or "%d" in (template.url or ""):
        return day, "day"
    if not article.text_date:
        return None, None
    return article.text_date, "month_day" if article.text_date.startswith("--") else "day"


def _is_told(site: str, said: Iterable[str]) -> bool:
    """Tell whether the furniture names the site: follow us, notices."""
    return any(site in phrase for phrase in said)


def _phrases(said: Iterable[str], article: Article) -> Iterator[str]:
    text = "".join(article.text.split())
    for phrase in dict.fromkeys(said):
        plain = "".join(phrase.split())
        least = MIN_LATIN_PHRASE if plain.isascii() else MIN_PHRASE
        if len(plain) >= least and plain not in text:
            yield phrase
