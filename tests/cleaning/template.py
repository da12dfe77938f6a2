"""Templates of pages: files in `templates/`, each a kind of site, read and filled here.

A file is a head in YAML, a line of `---`, and the page with slots:

    {{title}}                       a field of the article, see `_fields`
    {{?editor}} … {{/}}             kept only where the field has a value
    {{related 20|<li>%t %d</li>}}   twenty pieces of furniture in that form, see `Furniture.items`
    {{style 40}} {{script 30}}      dead weight

The head: `kinds` and `scripts` of the articles that fit, `encodings` (what the bytes are, what the page says,
what the header says), `url`, how each kind of block is written, `between` (what interrupts the article),
`plain` (no HTML), `part` (share of the article on this page of several), `entities`, `repairs` (kinds that
the page gives reason for), `reasons` (why it is no article).
What a page shows of an article follows from its slots.
"""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.cleaning.article import Article, Block, BlockKind
from tests.cleaning.furniture import Furniture
from tests.cleaning.page import FETCHED

FOLDER = Path(__file__).parent / "templates"
HEAD_END = "\n---\n"
SLOT = re.compile(r"\{\{(\w+)(?: (\d+))?(?:\|(.*?))?\}\}", re.DOTALL)
OPTION = re.compile(r"\{\{\?(\w+)\}\}(.*?)\{\{/\}\}", re.DOTALL)
CHINA = timezone(timedelta(hours=8))
MARK = re.compile("%([a-z])")
MINUTES = {"minute", "minute_cn", "iso", "epoch", "minute_en"}
DAYS = {"day", "day_cn", "day_slash", "day_en"}
ENTITIES = {"“": "&ldquo;", "”": "&rdquo;", "·": "&middot;", "—": "&mdash;", "、": "&#12289;"}


@dataclass(frozen=True)
class Encoding:
    """What the bytes are (a codec), what the page says they are, and what the header says."""

    bytes: str
    says: str
    header: str | None


@dataclass(frozen=True)
class Template:
    """A kind of page. The comment of the module tells what its fields mean."""

    name: str
    page: str
    kinds: frozenset[str]
    encodings: tuple[Encoding, ...]
    blocks: dict[str, str]
    scripts: frozenset[str] = frozenset({"Hans", "Hant"})
    url: str | None = None
    between: tuple[str, ...] = ()
    plain: bool = False
    entities: bool = False
    part: float = 1.0
    repairs: tuple[str, ...] = ()
    words: str = "zh"
    reasons: tuple[str, ...] = ()
    slots: frozenset[str] = field(default=frozenset())

    def fits(self, article: Article) -> bool:
        """Tell whether such an article would stand on such a page."""
        return article.kind in self.kinds and article.script in self.scripts


@dataclass(frozen=True)
class Rendered:
    """A page as text, the blocks of the article that stand on it, and the furniture's phrases."""

    text: str
    url: str | None
    encoding: Encoding
    blocks: tuple[Block, ...]
    said: tuple[str, ...]


@cache
def templates() -> tuple[Template, ...]:
    """Return all templates, by name."""
    return tuple(_template(path) for path in sorted(FOLDER.iterdir()))


def _template(path: Path) -> Template:
    head, _, page = path.read_text(encoding="utf-8").partition(HEAD_END)
    entry: dict[str, Any] = yaml.safe_load(head)
    for key in ("kinds", "scripts"):
        if key in entry:
            entry[key] = frozenset(entry[key])
    entry["encodings"] = tuple(Encoding(**encoding) for encoding in entry["encodings"])
    for key in ("between", "reasons", "repairs"):
        entry[key] = tuple(entry.get(key, ()))
    slots = frozenset(match[1].removeprefix("json_") for match in SLOT.finditer(page))
    return Template(path.stem, page, slots=slots, **entry)


def render(template: Template, article: Article, rng: random.Random) -> Rendered:
    """Return the article on such a page."""
    furniture = Furniture(rng, template.words, article.site)
    encoding = rng.choice(template.encodings)
    blocks = _part(article.blocks, template)
    fields = _fields(article, rng) | {"charset": encoding.says}
    fields["body"] = _fill(_body(template, blocks, rng), fields, furniture)
    url = _marked(template.url, _url_marks(article, rng)) if template.url else None
    fields["url"] = url or ""
    return Rendered(_fill(template.page, fields, furniture), url, encoding, blocks, tuple(furniture.said))


def _part(blocks: Sequence[Block], template: Template) -> tuple[Block, ...]:
    """Return the blocks that stand on this page; captions only where the template has a form for them."""
    shown = [block for block in blocks if block.kind is not BlockKind.CAPTION or "caption" in template.blocks]
    return tuple(shown[: max(2, round(len(shown) * template.part))])


def _body(template: Template, blocks: Sequence[Block], rng: random.Random) -> str:
    """Return the blocks in the template's forms, its interruptions strewn between them."""
    pieces: list[str] = []
    for number, block in enumerate(blocks):
        if block.kind is not BlockKind.ROW:
            pieces.append(_marked(template.blocks[block.kind], _block_marks(template, block, rng)))
            continue
        cells = "".join(_marked(template.blocks["cell"], {"t": c}) for c in block.shown.split(" | "))
        row = _marked(template.blocks["row"], {"t": cells})
        first = number == 0 or blocks[number - 1].kind is not BlockKind.ROW
        last = number + 1 == len(blocks) or blocks[number + 1].kind is not BlockKind.ROW
        opening, closing = template.blocks["table"].split("%t")
        pieces.append((opening if first else "") + row + (closing if last else ""))
    for piece in template.between:
        if len(blocks) > 2 and not any(block.kind is BlockKind.ROW for block in blocks):
            pieces.insert(rng.randrange(2, len(pieces)), piece)
    return "".join(pieces)


def _block_marks(template: Template, block: Block, rng: random.Random) -> dict[str, str]:
    text = block.shown if template.plain else html.escape(block.shown, quote=False)
    if template.entities:
        text = "".join(ENTITIES.get(character, character) for character in text)
    return {"t": text, "n": str(rng.randrange(100, 1000)), "k": f"{rng.getrandbits(24):x}"}


def _fill(text: str, fields: dict[str, str], furniture: Furniture) -> str:
    text = OPTION.sub(lambda match: match[2] if fields[match[1]] else "", text)

    def filled(match: re.Match[str]) -> str:
        name, count, form = match[1], int(match[2] or 1), match[3]
        if name == "token":
            return furniture.token()
        if name in {"style", "script"}:
            return str(getattr(furniture, name)(count))
        if name.startswith("json_"):
            return json.dumps(fields[name.removeprefix("json_")], ensure_ascii=False)[1:-1]
        if name in fields:
            return fields[name]
        return "".join(_marked(form or "%t", item) for item in furniture.items(name, count))

    return SLOT.sub(filled, text)


def _marked(form: str, marks: dict[str, str]) -> str:
    return MARK.sub(lambda match: marks.get(match[1], match[0]), form)


def _fields(article: Article, rng: random.Random) -> dict[str, str]:
    revised = FETCHED - timedelta(days=rng.randrange(2, 60), minutes=rng.randrange(1440))
    return {
        "title": article.title,
        "site": article.site,
        "column": article.column,
        "source": article.source,
        "reporters": (" and " if article.script == "Latn" else " ").join(article.reporters),
        "correspondents": " ".join(article.correspondents),
        "editor": article.editor,
        "host": f"{'www' if rng.random() < 0.5 else 'news'}.{rng.getrandbits(32):x}.example",
        "today_cn": f"{FETCHED:%Y年%m月%d日}",
        "revised": f"{revised:%Y-%m-%d %H:%M}",
        "revised_cn": f"{revised:%Y年%m月%d日 %H:%M}",
    } | _dates(article.published)


def _dates(published: str) -> dict[str, str]:
    moment = datetime.fromisoformat(published)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    clock = f" {moment:%H:%M}" if len(published) > len("2024-06-25") else ""
    day: date = moment.date()
    return {
        "iso": moment.isoformat(timespec="seconds") if clock else day.isoformat(),
        "epoch": str(int(moment.timestamp())),
        "minute": f"{day}{clock}",
        "minute_cn": f"{moment:%Y年%m月%d日}{clock}",
        "minute_en": f"{day:%B} {day.day}, {day.year}{clock and ','}{clock}",
        "day": f"{day}",
        "day_cn": f"{day.year}年{day.month}月{day.day}日",
        "day_slash": f"{day:%Y/%m/%d}",
        "day_en": f"{day.day} {day:%B} {day.year}",
    }


def _url_marks(article: Article, rng: random.Random) -> dict[str, str]:
    day = datetime.fromisoformat(article.published)
    return {
        "y": f"{day:%Y}",
        "m": f"{day:%m}",
        "d": f"{day:%d}",
        "n": str(rng.randrange(10**6, 10**8)),
        "h": f"{rng.getrandbits(32):x}.example",
    }
