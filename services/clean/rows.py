"""A row of neighbours: the children of an element that gain most, running text minus all other text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

# Running text has a comma or a full stop within; shorter pieces are menu entries, headlines and remarks.
RUNNING = re.compile(r"[，。；、！？：;!?,.:](?:(?<![,.:])|(?= )|(?<=[\u4e00-\u9fff].))")
MIN_RUN = 16
NOTHING = -(10**9)  # less than any row gains
PLAIN = 0.25  # what a character counts that is neither running text nor beside a link: rows of a table, code
# Children at the ends of an element are left out where that gains so many characters; for fewer the element
# is taken whole, since short lines at its ends are mostly a signature.
MIN_TRIMMED = 60
MAX_SIGNATURE = 60  # characters of a line without links that goes with the text in front of it


@dataclass
class Candidate:
    """An element and the running text beneath it, of which `own` is no inner element's.

    `named`: the name that says that it holds the body. `chrome`: its names say that it does not.
    """

    node: LexborNode
    chrome: bool
    named: str
    link: bool = False
    running: int = 0
    own: int = 0
    inside_chrome: bool = False


@dataclass(frozen=True)
class Span:
    """The first and the last of a row of neighbours, and its running text minus all other text."""

    first: LexborNode
    last: LexborNode
    gain: int


def gaining_row(candidate: Candidate, found: Mapping[int, Candidate]) -> Span:
    """Return the row of children with the largest sum of running text minus all other text."""
    whole = sum_here = 0
    best = here = None
    best_gain = NOTHING
    child = candidate.node.first_child
    while child is not None:
        gain = _gain(child, found)
        whole += gain
        if here is None or sum_here < 0:
            here, sum_here = child, 0
        sum_here += gain
        if sum_here > best_gain:
            best_gain, best = sum_here, (here, child)
        child = child.next
    if best is None or best_gain - whole < MIN_TRIMMED:
        return Span(candidate.node, candidate.node, whole)
    return Span(best[0], _with_signature(best[1]), best_gain)


def _gain(node: LexborNode, found: Mapping[int, Candidate]) -> int:
    """Return running text minus all other text of a child, which is an element or a piece of text."""
    if node.is_comment_node:
        return 0
    text = node.text()
    size = len("".join(text.split()))
    if not size:
        return 0
    if node.is_text_node:
        return size if size >= MIN_RUN and RUNNING.search(text) else -size
    weighed = found.get(node.mem_id)
    running = weighed.running if weighed else 0
    other = size - running
    if other and "<a " not in (node.html or ""):
        other = int(PLAIN * other)
    return running - other


def _with_signature(node: LexborNode) -> LexborNode:
    """Return the last of the short lines without links that follow a text: who signs it, and the date."""
    last, following = node, node.next
    while following is not None:
        text = following.text().strip()
        if len(text) > MAX_SIGNATURE or (text and "<a " in (following.html or "")):
            break
        if text:
            last = following
        following = following.next
    return last


def row(first: LexborNode, last: LexborNode) -> Iterator[LexborNode]:
    """Yield the neighbours from the first to the last."""
    node: LexborNode | None = first
    while node is not None:
        yield node
        if node.mem_id == last.mem_id:
            return
        node = node.next
