"""A row of neighbours: the children of an element that gain most, running text minus all other text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

# Running text has a comma or a full stop within; shorter pieces are menu entries, headlines and remarks.
RUNNING = re.compile(r"[，。；、！？：;!?,.:](?:(?<![,.:])|(?= )|(?<=[\u4e00-\u9fff].))")
MIN_RUN = 16
# The headings of lists of other articles, and of what readers say.
ASIDE = re.compile(
    r"\W*(?:(?:[相关關][关關]|推[荐薦]|延伸|[热熱][门門点點]|最新|"
    r"精彩|[为為][您你]|猜[您你]|更多|大家|[编編][辑輯]|最多人|往期|[网網]友|全部|最[热熱])"
    r".{0,4}(?:[阅閱][读讀]|新[闻聞]|文章|[评評][论論]|推[荐薦]|精[选選]|喜[欢歡]|[跟回][帖贴貼复覆]|留言|在?看|[报報][导道導]|[资資][讯訊]|[内內]容|回[顾顧]|[话話][题題]|排行榜?)"
    r"|[评評][论論][区區]?|[网網]友[评評][论論]|留言板?|跟[帖贴])\W*(?:\d+\W*[条條]?\W*)?"
)
MAX_HEADING = 16
MAX_STEPS = 12
NOTHING = -(10**9)  # less than any row gains
PLAIN = 0.25  # what a character counts that is neither running text nor beside a link: rows of a table, code
# Children at the ends of an element are left out where that gains so many characters; for fewer the element
# is taken whole, since short lines at its ends are mostly a signature.
MIN_TRIMMED = 60
MAX_SIGNATURE = 60  # characters of a line without links that goes with the text in front of it


@dataclass
class Candidate:
    """An element and the running text beneath it, of which `own` is no inner element's.

    `named`: the name that says that it holds the body. `chrome`: its names say that it does not. `void`: it
    is a link, or begins with the heading of a list of teasers or comments.
    """

    node: LexborNode
    chrome: bool
    named: str
    void: bool = False
    running: int = 0
    own: int = 0
    inside_chrome: bool = False
    inside_void: bool = False


@dataclass(frozen=True)
class Span:
    """The first and the last of a row of neighbours, and its running text minus all other text."""

    first: LexborNode
    last: LexborNode
    gain: int


def opens_aside(node: LexborNode) -> bool:
    """Tell whether an element begins with the heading of a list of other articles or of comments."""
    at = node.first_child
    for _ in range(MAX_STEPS):
        if at is None:
            return False
        if at.is_text_node:
            text = (at.text_content or "").strip()
            if text:
                return len(text) <= MAX_HEADING and ASIDE.fullmatch(text) is not None
            at = at.next
        elif at.tag == "a":
            return False  # a menu
        else:
            at = at.first_child or at.next
    return False


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
