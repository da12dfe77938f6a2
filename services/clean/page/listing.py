"""Lists of teasers: headlines that are links, each with a line or two of what its article says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.clean.page.elements import Part
from services.clean.page.flatten import MarkedLine

MIN_TEASERS = 3
MAX_TEASER = 220  # characters of what stands below one headline
MAX_LINES = 3  # that stand below one headline
MIN_HEADLINE = 6
MIN_SENTENCE = 24
# A link that ends a teaser where its headline is no link.
MORE = re.compile(
    r"[\[【(（]?(?:查看|阅读|閱讀|点击|點擊)?(?:更多|详细|詳細|详情|全文|原文)[\])】）]?\W*"
    r"|(?:view|read) more\W*|more\W*",
    re.IGNORECASE,
)
END = ("。", "！", "？", "”", "；", ".", "!", "?")
# Whole sentences of this length on average are items of a digest whose headlines happen to be links.
DIGEST_ITEM = 100
LISTED_SHARE = 0.8  # of the text, from which on there is no article beside the list


def without_teasers(lines: Sequence[MarkedLine]) -> list[MarkedLine]:
    """Return the lines, teasers as chrome; none as body where there is hardly anything else."""
    listed = {n for run in _runs(lines) if _are_teasers(lines, run) for n in run}
    listed |= {n for n, line in enumerate(lines) if line.linked}
    text = sum(len(line.text) for line in lines if line.part is Part.BODY)
    teased = sum(len(line.text) for n, line in enumerate(lines) if line.part is Part.BODY and n in listed)
    if text and teased > LISTED_SHARE * text and not _is_headed(lines[: min(listed)]):
        listed = set(range(len(lines)))
    return [
        line._replace(part=Part.CHROME) if n in listed and line.part is Part.BODY else line
        for n, line in enumerate(lines)
    ]


def _is_headed(lines: Sequence[MarkedLine]) -> bool:
    """Tell whether the lines above a list are a title and a sentence below it: a flash."""
    title = next((n for n, line in enumerate(lines) if line.part is Part.TITLE), len(lines))
    return any(line.part is Part.BODY and _is_sentence(line.text) for line in lines[title:])


def _is_sentence(text: str) -> bool:
    return len(text) >= MIN_SENTENCE and text.endswith("。")


def _runs(lines: Sequence[MarkedLine]) -> Iterator[list[int]]:
    """Yield the numbers of lines that stand in runs of headlines and short texts by turns."""
    run: list[int] = []
    below = size = 0
    for n, line in enumerate(lines):
        if _is_headline(line):
            run.append(n)
            below = size = 0
            continue
        below += 1
        size += len(line.text)
        if below > MAX_LINES or size > MAX_TEASER:
            yield run[: len(run) - below + 1]
            run, below, size = [], 0, 0
        elif run:
            run.append(n)
    yield run


def _is_headline(line: MarkedLine) -> bool:
    return line.linked and (len(line.text) >= MIN_HEADLINE or MORE.fullmatch(line.text) is not None)


def _are_teasers(lines: Sequence[MarkedLine], run: Sequence[int]) -> bool:
    headlines = [n for n in run if _is_headline(lines[n])]
    texts = [lines[n].text for n in run if lines[n].part is Part.BODY and len(lines[n].text) >= MIN_HEADLINE]
    by_turns = (
        sum(b - a > 1 for a, b in zip(headlines, [*headlines[1:], run[-1] + 1], strict=True)) if run else 0
    )
    if by_turns < MIN_TEASERS or len(texts) < MIN_TEASERS:
        return False
    whole = sum(text.endswith(END) and not text.endswith("...") for text in texts)
    long = sum(map(len, texts)) >= DIGEST_ITEM * len(texts)
    return not (long and 2 * whole > len(texts))
