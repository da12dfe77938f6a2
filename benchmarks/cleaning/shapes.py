"""Pages of any size in the shapes that pages grow in: does the time of cleaning grow in step."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from benchmarks.pages import as_cloaked_text, make_story

SEED = 5
BEGIN = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
    '<title>示例市核医学中心开诊_晨禾网</title></head><body><div class="main">'
    '<h1>示例市核医学中心开诊</h1><p>2024年06月25日 14:15 来源:晨禾网</p><div id="content">'
)
END = "</div></div></body></html>"
SENTENCE = "示例市核医学中心第{}号{}{}机房今日开诊，记者从现场获悉，首批{}名患者已经完成检查，结果良好。"
# The first level of GB 2312: no two of a page's sentences consist of the same characters.
HAN = [bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)]


def shape(kind: str, size: int) -> bytes:
    """Return a page of some `size` bytes of a kind of `SHAPES`."""
    return SHAPES[kind](size)


def _filled(piece: Callable[[int], str], size: int) -> str:
    """Return pieces, each a little different, that fit between `BEGIN` and `END` in so many bytes."""
    return "".join(_fitting(map(piece, count()), size - len((BEGIN + END).encode())))


def _fitting(pieces: Iterable[str], size: int) -> Iterator[str]:
    for piece in pieces:
        size -= len(piece.encode())
        if size < 0:
            return
        yield piece


def _within(piece: Callable[[int], str]) -> Callable[[int], bytes]:
    return lambda size: (BEGIN + _filled(piece, size) + END).encode()


def _beside(piece: Callable[[int], str], tag: str) -> Callable[[int], bytes]:
    """Return a short article with everything else around it."""
    article = "".join(f"<p>{_sentence(number)}</p>" for number in range(12))

    def page(size: int) -> bytes:
        rest = _filled(piece, size - len(article.encode()))
        return f"{BEGIN}{article}</div><{tag}>{rest}</{tag}><div>{END}".encode()

    return page


def _sentence(number: int) -> str:
    first, second = HAN[number % len(HAN)], HAN[(number // len(HAN) + number) % len(HAN)]
    return SENTENCE.format(number, first, second, number * 7 % 1000)


def _nested(size: int) -> bytes:
    closing = "</div>"
    room = size * (len(_level(0).encode()) / len((_level(0) + closing).encode()))
    levels = list(_fitting(map(_level, count()), round(room) - len((BEGIN + END).encode())))
    return (BEGIN + "".join(levels) + closing * len(levels) + END).encode()


def _level(number: int) -> str:
    return f"<div><p>{_sentence(number)}</p>"


def _row(number: int) -> str:
    cells = (
        f"第{number}号{HAN[number % len(HAN)]}机房",
        f"{number * 7 % 1000}人",
        f"{number * 13 % 100},000元",
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _table(size: int) -> bytes:
    return (
        BEGIN + f"<p>{_sentence(0)}</p>" * 3 + "<table>" + _filled(_row, size) + "</table>" + END
    ).encode()


def _plain(size: int) -> bytes:
    return "示例市核医学中心开诊\n".encode() + _filled(lambda n: _sentence(n) * 3 + "\n", size).encode()


def _cloaked(size: int) -> bytes:
    """Return pages of cloaked text one behind the other, each another story."""
    rngs = (random.Random(f"{SEED}:{number}") for number in count())
    texts = (as_cloaked_text(rng, make_story(rng, raises=False)) + "\n" for rng in rngs)
    return "".join(_fitting(texts, size)).encode()


SHAPES: dict[str, Callable[[int], bytes]] = {
    "paragraphs": _within(lambda n: f"<p>{_sentence(n) * 3}</p>\n"),
    "lines of one sentence": _within(lambda n: f"{_sentence(n)}<br>\n"),
    "one line": _within(_sentence),
    "a table": _table,
    "nested elements": _nested,
    "elements left open": _within(lambda n: f"<p><b><font>{_sentence(n)}"),
    "scripts": _beside(lambda n: f"window.t{n}=function(a,b){{return a*{n}+b<0.{n}}};\n", "script"),
    "links": _beside(lambda n: f'<li><a href="/n/{n}.html">{_sentence(n)[:18]}</a></li>\n', "ul"),
    "attributes": _within(lambda n: f'<p class="c{n}" style="margin:{n}px" data-id="{n}">{_sentence(n)}</p>'),
    "references": _within(lambda n: f"<p>&ldquo;{_sentence(n)}&rdquo;&nbsp;&#8212;&amp;</p>"),
    "text without markup": _plain,
    "cloaked text": _cloaked,
}
