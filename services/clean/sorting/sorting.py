"""Give every line of a page its role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from services.clean.sorting.captions import glued_caption, is_caption
from services.clean.sorting.chrome import furniture_among, menu_of
from services.clean.sorting.comments import comments_start
from services.clean.sorting.credits import credit_kind, credit_tail, is_byline
from services.clean.sorting.heading import repeated_heading
from services.clean.sorting.hints import hints
from services.clean.sorting.lines import Line, LinesSorted, Role
from services.clean.sorting.spam import brands, spam_kind

PARAGRAPH_CHARS = 60  # from here on a line is a paragraph wherever it stands
SENTENCE_CHARS = 24  # from here on a sentence is one, on a page whose teasers the markup told apart
MIN_PARAGRAPHS = 2  # above the comments of an HTML page, where a list of contents was told by its links
MIN_HEADLINES = 3  # in a row make a list of other articles
MAX_TITLE = 70
MIN_TITLE = 4
MIN_REPEATED = 12  # characters from which a line that comes twice is noise
HEAD_LINES = 200  # a byline stands above this line, even below long menus
SENTENCE_END = tuple("。；，、;,")
PARAGRAPH_END = ("。", "”", "！", "？", "!", "?", "…", "）", ")")
# Headers of blocks: what follows them is no article, up to the next paragraph or to the end of the page.
TO_THE_END = {"copyright_header": "copyright", "comments_header": "comments", "references_header": "related"}
HEAD_KINDS = ("title", "byline")
TO_A_PARAGRAPH = {"related_header": "related"}
ENDS_THE_ARTICLE = frozenset(
    {"follow_us", "copyright", "copyright_header", "related", "related_header", "share", "editor"}
)


def sort_lines(
    lines: Sequence[str], *, flattened: bool = True, titled: bool = False, cloaked: bool = False
) -> LinesSorted:
    """Return the repaired lines of a page with their roles; blank lines are dropped.

    `flattened`: the lines are a whole page, chrome, title and byline too; else they are the body that was
    found in an HTML page, and only captions, credits and noise are looked for. `titled`: the title is known
    and not among them. `cloaked`: the page bore the marks of a cloaking tool (pinyin), so that brands are
    looked for inside sentences.
    """
    found = _by_wording(_stripped(lines))
    found = _without_headlines(found, flattened=flattened)
    if flattened:
        found = _with_head(found, titled=titled)
    found = _with_blocks(found, flattened=flattened)
    found = _without_repeats(found)
    return LinesSorted(tuple(piece for line in found for piece in _pieces(line, cloaked=cloaked)))


def _stripped(lines: Sequence[str]) -> Iterator[Line]:
    start = 0
    for line in lines:
        text = line.strip()
        if text:
            yield Line(text, start + line.index(text[0]), Role.BODY)
        start += len(line) + 1


def _by_wording(lines: Iterator[Line]) -> list[Line]:
    """Give the roles that the wording of a line shows."""
    found: list[Line] = []
    for line in lines:
        after_picture = bool(found) and found[-1].kind == "image_name"
        found.append(_worded(line, after_picture=after_picture))
    return found


def _worded(line: Line, *, after_picture: bool) -> Line:
    if kind := spam_kind(line.text):
        return replace(line, role=Role.NOISE, kind=kind)
    kinds = hints(line.text)
    if furniture := (furniture_among(kinds, line.text) if kinds else None) or menu_of(line.text):
        role = Role.BODY if furniture.tentative else Role.NOISE
        return replace(line, role=role, kind=furniture.kind)
    if "credit" in kinds and (kind := credit_kind(line.text)):
        return replace(line, role=Role.METADATA, kind=kind)
    if (after_picture or "caption" in kinds) and is_caption(line.text, after_picture=after_picture):
        return replace(line, role=Role.CAPTION, kind="caption")
    return line


def _size(line: Line) -> int:
    """Return the length of a line of the article in Chinese characters; a letter is a third of one."""
    if line.role is not Role.BODY:
        return 0
    if line.text.isascii():
        return len(line.text) // 3
    wide = (len(line.text.encode("utf-8", "replace")) - len(line.text)) // 2
    return wide + (len(line.text) - wide) // 3


def _is_paragraph(line: Line, *, flattened: bool = True) -> bool:
    if len(line.text) < (PARAGRAPH_CHARS if flattened else SENTENCE_CHARS):
        return False
    size = _size(line)
    return size >= PARAGRAPH_CHARS or (
        not flattened and size >= SENTENCE_CHARS and line.text.endswith(PARAGRAPH_END)
    )


def _with_head(lines: list[Line], *, titled: bool) -> list[Line]:
    """Find title and byline above the first paragraph; what else stands above the byline is furniture."""
    heading = None if titled else repeated_heading(lines)
    start = heading or 0
    end = start + _first_paragraph(lines[start:])
    above = range(start, end)
    byline = next((i for i in above if lines[i].role is not Role.NOISE and is_byline(lines[i].text)), None)
    title = heading if titled or heading is not None else _title(lines, end, byline)
    top = start if byline is None else byline
    head = []
    for i, line in enumerate(lines[:end]):
        if i == byline:
            head.append(replace(line, role=Role.METADATA, kind="byline"))
        elif title is not None and line.text == lines[title].text:
            head.append(replace(line, role=Role.METADATA, kind="title"))
        elif line.role is Role.BODY and (line.kind or i < top):
            head.append(replace(line, role=Role.NOISE, kind=line.kind or "header"))
        else:
            head.append(line)
    return head + lines[end:]


def _without_headlines(lines: list[Line], *, flattened: bool) -> list[Line]:
    """Tell lists of headlines with their days; fewer in a row may be anything else, markup tells better."""
    if not any(line.kind == "headline" for line in lines):
        return lines
    found: list[Line] = []
    for kind, run in groupby(lines, lambda line: line.kind):
        group = list(run)
        if kind == "headline":
            listed = flattened and len(group) >= MIN_HEADLINES
            group = group if listed else [replace(line, role=Role.BODY, kind="") for line in group]
        found += group
    return found


def _first_paragraph(lines: list[Line]) -> int:
    for i, line in enumerate(lines[:HEAD_LINES]):
        sentence = "。" in line.text and line.text.endswith(PARAGRAPH_END)
        if line.role is Role.BODY and (_is_paragraph(line) or sentence) and not is_byline(line.text):
            return i
    return min(len(lines), HEAD_LINES)


def _title(lines: list[Line], end: int, byline: int | None) -> int | None:
    """Return the line of the title: right above the byline, else the first that can be one."""
    able = [
        i
        for i, line in enumerate(lines[:end])
        if i != byline and MIN_TITLE <= _size(line) <= MAX_TITLE and not line.text.endswith(SENTENCE_END)
    ]
    able = [i for i in able if not lines[i].kind] or able
    above = [i for i in able if byline is not None and i < byline]
    if above:
        return above[-1]
    return able[0] if able and end < len(lines) else None


def _with_blocks(lines: list[Line], *, flattened: bool) -> list[Line]:
    """Carry the headers of blocks over what stands below them, once the article has begun."""
    paragraphs = [i for i, line in enumerate(lines) if _is_paragraph(line, flattened=flattened)]
    if not paragraphs and not any(line.kind for line in lines):
        return lines
    first, last = (paragraphs[0], paragraphs[-1]) if paragraphs else (len(lines), len(lines))
    comments = comments_start(lines, first)
    begin = max((i for i, line in enumerate(lines[:first]) if line.kind in HEAD_KINDS), default=0)
    enough = len(paragraphs) / 2 if flattened else MIN_PARAGRAPHS
    block, ended, found, before = "", False, [], 0
    for i, line in enumerate(lines):
        is_paragraph = before < len(paragraphs) and paragraphs[before] == i
        if i == comments:
            block = "comments"
        elif line.kind in TO_THE_END and before >= enough > 0:
            block = TO_THE_END[line.kind]
        elif line.kind in TO_A_PARAGRAPH and i >= begin:
            block = block or TO_A_PARAGRAPH[line.kind]
        elif is_paragraph and block in TO_A_PARAGRAPH.values():
            block = ""
        before += is_paragraph
        ended = flattened and i > last and (ended or line.kind in ENDS_THE_ARTICLE)
        below = line.kind if flattened and i > last else ""
        found.append(_closed(line, block or below or ("trailing" if ended else "")))
    return found


def _closed(line: Line, block: str) -> Line:
    """Return the line as the block that it stands in makes it."""
    if block and line.role in (Role.BODY, Role.CAPTION):
        return replace(line, role=Role.NOISE, kind=line.kind or block)
    return replace(line, kind="") if line.kind and line.role is Role.BODY else line


def _without_repeats(lines: list[Line]) -> list[Line]:
    """Drop the second of two paragraphs of the same characters, shuffled or not."""
    lengths = Counter(len(line.text) for line in lines if _may_repeat(line))
    seen: set[str] = set()
    found = []
    for line in lines:
        if lengths[len(line.text)] > 1 and _may_repeat(line):
            characters = "".join(sorted(line.text))
            found.append(replace(line, role=Role.NOISE, kind="repeat") if characters in seen else line)
            seen.add(characters)
        else:
            found.append(line)
    return found


def _may_repeat(line: Line) -> bool:
    """Tell whether a line is of sentences: rows of a table may well have the same characters."""
    return (
        line.role is Role.BODY and len(line.text) >= MIN_REPEATED and ("，" in line.text or "。" in line.text)
    )


def _pieces(line: Line, *, cloaked: bool) -> Iterator[Line]:
    """Split a paragraph from the caption before it, the credit behind it and the brands within it."""
    if line.role is not Role.BODY:
        yield line
        return
    begin = glued_caption(line.text)
    tail = credit_tail(line.text[begin:])
    if not (begin or tail or cloaked):
        yield line
        return
    if begin:
        yield Line(line.text[:begin].strip(), line.start, Role.CAPTION, "caption")
    end = begin + tail[0] if tail else len(line.text)
    yield from _without_brands(line, begin, end, cloaked=cloaked)
    if tail:
        role = Role.NOISE if tail[1] == "related" else Role.METADATA
        yield Line(line.text[end:].strip(), line.start + end, role, tail[1])


def _without_brands(line: Line, begin: int, end: int, *, cloaked: bool) -> Iterator[Line]:
    at, joined = begin, False
    for start, stop in brands(line.text[begin:end]) if cloaked else ():
        if begin + start > at:
            yield Line(line.text[at : begin + start], line.start + at, Role.BODY, joined=joined)
            joined = True
        yield Line(line.text[begin + start : begin + stop], line.start + begin + start, Role.NOISE, "brand")
        at = begin + stop
    if at < end:
        yield Line(line.text[at:end].strip(), line.start + at, Role.BODY, joined=joined)
