"""Pages as the chain meets them, made from a seed: portal HTML of some 60 KB, and cloaked text.

One page in ten is news of nuclear medicine with something that raises an alert; every such page has
organisations of its own, so that each raises an alert of its own. One page in twenty is flattened, cloaked
text (traditional script with pinyin, folded punctuation, spam), as hijacked hosts serve their copies.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import opencc
import yaml
from pypinyin import Style, pinyin

from schemas.raw import RawArticle

PAGE_BYTES = 62_000
BODY_CHARS = 1_500
RELEVANT_EVERY = 10
CLOAKED_EVERY = 20
GB18030_EVERY = 4
PARAGRAPH_SENTENCES = 3
LINK_BYTES = 118
SCRIPT_LINE_BYTES = 53
PINYIN_SHARE = 0.4  # of the characters whose traditional form differs
FETCHED_AT = datetime(2025, 9, 2, 1, 0, tzinfo=UTC)
SLOT = re.compile(r"\{(\w+)\}")
FULL_TO_HALF = str.maketrans("，：；！？（）", ",:;!?()")


@dataclass(frozen=True)
class Story:
    """What a page tells. `raises` says whether an alert is to come of it."""

    title: str
    paragraphs: list[str]
    raises: bool


@cache
def sentences() -> dict[str, Any]:
    """Return the material of all pages."""
    text = (Path(__file__).parent / "data" / "sentences.yaml").read_text(encoding="utf-8")
    material: dict[str, Any] = yaml.safe_load(text)
    return material


def make_pages(count: int, *, seed: int = 1, start: int = 0) -> Iterator[RawArticle]:
    """Yield `count` pages; the same seed and numbers give the same bytes."""
    for number in range(start, start + count):
        yield make_page(number, seed)


def make_page(number: int, seed: int) -> RawArticle:
    """Return page `number` of the corpus that `seed` names."""
    rng = random.Random(f"{seed}:{number}")
    story = make_story(rng, raises=raises_alert(number))
    cloaked = number % CLOAKED_EVERY == 1
    text = as_cloaked_text(rng, story) if cloaked else as_portal_page(rng, story)
    charset = "gb18030" if not cloaked and number % GB18030_EVERY == 0 else "utf-8"
    return RawArticle(
        url=f"https://pages.invalid/{seed}/{number}.html",
        body=text.replace("CHARSET", charset).encode(charset),
        content_type="text/plain; charset=utf-8" if cloaked else "text/html",
        source_id="bench",
        fetched_at=FETCHED_AT,
    )


def raises_alert(number: int) -> bool:
    """Whether page `number` is one that an alert must come of."""
    return number % RELEVANT_EVERY == 0


def make_story(rng: random.Random, *, raises: bool) -> Story:
    """Put a story together from sentences until it has its length."""
    material = sentences()
    slots = _cast(rng)
    if raises:
        event = rng.choice(list(material["events"].values()))
        title, told = _fill(event["title"], slots, rng), [_fill(event["lead"], slots, rng)]
    else:
        title, told = _fill("{place}{thing}{good}", slots, rng), []
    pool = rng.sample(material["nuclear"], 8) if raises else []
    pool += rng.choices(material["general"], k=60)
    while sum(map(len, told)) < BODY_CHARS and pool:
        told.append(_fill(pool.pop(0), slots, rng))
    step = PARAGRAPH_SENTENCES
    return Story(title, ["".join(told[at : at + step]) for at in range(0, len(told), step)], raises)


def _cast(rng: random.Random) -> dict[str, str]:
    """Return who and when of a story: the same through all of it."""
    names = sentences()["names"]

    def invented(kind: str) -> str:
        parts = [*rng.sample(names["first"], 2), rng.choice(names["second"]), rng.choice(names[kind])]
        return "".join(parts)

    return {
        "company": invented("company"),
        "partner": invented("company"),
        "hospital": invented("hospital"),
        "person": rng.choice(names["surname"]) + rng.choice(names["given"]),
        "drug": "".join(rng.sample("BCDFGHJKLMNPQRTVWXZ", 3)) + f"-{rng.randint(100, 9999)}",
        "date": f"{rng.randint(1, 8)}月{rng.randint(1, 28)}日",
    }


def _fill(template: str, slots: dict[str, str], rng: random.Random) -> str:
    words = sentences()["words"]

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in slots:
            return str(slots[name])
        if name in words:
            return str(rng.choice(words[name]))
        return str(rng.randint(*{"n": (10, 99), "m": (2, 9), "k": (10, 20)}[name]))

    return SLOT.sub(value, template)


def as_portal_page(rng: random.Random, story: Story) -> str:
    """Return the story in the middle of a news portal's page of `PAGE_BYTES` bytes, more or less."""
    body = "\n".join(f"<p>　　{paragraph}</p>" for paragraph in story.paragraphs)
    head = (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="CHARSET">'
        f"<title>{story.title}_晨禾新闻网</title>\n{_styles(rng)}{_script(rng)}</head><body>\n"
    )
    article = (
        '<div class="main"><div class="crumbs"><a href="/">首页</a> &gt; <a href="/news/">新闻</a></div>'
        f'<h1 class="article-title">{story.title}</h1>\n'
        f'<div class="info"><span>2025年09月02日 09:{rng.randint(10, 59)}</span> '
        "<span>来源:晨禾新闻网</span></div>\n"
        f'<div class="article-content" id="content">{body}\n<p>(完)</p></div>\n'
        '<div class="editor">编辑:林若谷</div></div>\n'
    )
    foot = (
        '<div class="foot"><p>关于我们 | 联系我们 | 版权声明</p><p>未经授权不得转载</p></div></body></html>'
    )
    page = head + _links(rng, 60, "nav") + article + _links(rng, 60, "side") + foot
    room = PAGE_BYTES - len(page.encode())
    return page.replace("</head>", _script(rng, max(room // 2, 0)) + "</head>", 1).replace(
        foot, _links(rng, max(room // 2, 0) // LINK_BYTES, "more") + foot
    )


def _links(rng: random.Random, count: int, name: str) -> str:
    slots = _cast(rng)
    items = (
        f'<li><a href="/news/2025/{rng.randint(1, 12):02}/{rng.randint(10**6, 10**7)}.html" target="_blank" '
        f'class="lk">{_fill("{place}{thing}{good}", slots, rng)}</a></li>\n'
        for _ in range(count)
    )
    return f'<div class="{name}"><ul>{"".join(items)}</ul></div>\n'


def _styles(rng: random.Random) -> str:
    rules = (
        f".c{number}{{margin:{rng.randint(0, 20)}px;color:#{rng.randint(0, 0xFFFFFF):06x}}}\n"
        for number in range(120)
    )
    return f"<style>{''.join(rules)}</style>\n"


def _script(rng: random.Random, size: int = 8_000) -> str:
    lines = (
        f"window.t{number}=function(a,b){{return a*{rng.randint(100, 999)}+b<{rng.random():.6f}}};\n"
        for number in range(size // SCRIPT_LINE_BYTES)
    )
    return f"<script>{''.join(lines)}</script>\n"


@cache
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2tw")


def as_cloaked_text(rng: random.Random, story: Story) -> str:
    """Return the story as a hijacked host serves it."""
    lines = [f"{story.title}-{rng.choice(sentences()['names']['first'])}新聞", "首頁>新聞>正文"]
    lines += [with_pinyin(rng, _to_traditional().convert(paragraph)) for paragraph in story.paragraphs]
    for spam in sentences()["spam"]:
        lines.insert(rng.randrange(len(lines) + 1), spam)
    return "\n".join(lines).translate(FULL_TO_HALF)


def with_pinyin(rng: random.Random, text: str) -> str:
    """Put the reading behind some characters, as cloaking tools do: always all occurrences of one."""
    marked = {c for c in sorted(set(text)) if _is_traditional(c) and rng.random() < PINYIN_SHARE}
    return "".join(f"{c}({_reading(c)})" if c in marked else c for c in text)


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _is_traditional(character: str) -> bool:
    return bool(_simplifier().convert(character) != character)


@cache
def _reading(character: str) -> str:
    return str(pinyin(character, style=Style.TONE)[0][0])
