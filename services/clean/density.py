"""Find the element that holds the article: as much running text and as little else as possible.

Every block of running text counts for all its ancestors; the best element is the one where running text
minus all other text (links, menus, lists, bylines) is largest. That is the maximum subsequence view of
Pasternack and Roth ("Extracting Article Text from the Web with Maximum Subsequence Segmentation", 2009), laid
over the tree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.clean import markup

BLOCKS = "p,td,div,section,article,body"
NO_BODY = {"chrome", "telling"}
RARE_BLOCKS = (
    BLOCKS + ",main,font,pre,blockquote,dd,center,span,li,strong,b,em"
)  # some editors write every sentence into one of these
WHOLE = {"p", "pre", "blockquote"}  # their inline children belong to their text
# Running text has a comma or a full stop within; shorter pieces are menu entries, headlines and remarks.
RUNNING = re.compile(r"[，。；、！？：;!?]|[,.:] |[\u4e00-\u9fff][,.:!?;]")
WHITE = " \n\t\r\u3000\xa0"
MIN_RUN = 16
MAX_ANCESTORS = 40  # deeper trees are generated nonsense, and the walk stays linear
# A container that the page names itself is believed where it holds this share of the best one's running text.
NAMED_SHARE = 0.5
MIN_NAMED = 60
INNER_SHARE = 0.9
ENOUGH_RUN = 200  # with less, the text may stand in elements that hold none on ordinary pages
# With less running text the choice is doubtful (calibrated on short but complete notices of 80 characters).
DOUBTFUL_RUN = 80
DOUBTFUL_SHARE = 0.4


@dataclass(frozen=True)
class Body:
    """The element that holds the article; `doubt` where little running text or much else is in it."""

    node: LexborNode
    running: int
    doubt: bool


@dataclass
class _Candidate:
    node: LexborNode
    chrome: bool
    named: bool
    running: int = 0


def find_body(tree: LexborHTMLParser) -> Body | None:
    """Return the element that holds the article, or None where the page has no running text at all."""
    candidates = _weigh(tree, BLOCKS)
    if max((c.running for c in candidates), default=0) < ENOUGH_RUN:
        candidates = _weigh(tree, RARE_BLOCKS)
    if not candidates:
        return None
    named = _named(candidates)
    if named:
        return Body(named.node, named.running, doubt=False)
    best, gain = _best(candidates)
    share = (best.running + gain) / (2 * best.running)
    return Body(best.node, best.running, doubt=best.running < DOUBTFUL_RUN or share < DOUBTFUL_SHARE)


def _best(candidates: Sequence[_Candidate]) -> tuple[_Candidate, int]:
    """Return the candidate with the largest gain, and the gain.

    No gain is larger than the running text; and of an element and its ancestor with the same running text the
    ancestor, which comes later, gains no more. That spares nearly all of them the count.
    """
    best, best_gain, seen = candidates[0], -(10**9), set[int]()
    for candidate in sorted(candidates, key=lambda c: -c.running):
        if candidate.running <= best_gain:
            break
        if candidate.running in seen:
            continue
        seen.add(candidate.running)
        gain = _gain(candidate)
        if gain > best_gain:
            best, best_gain = candidate, gain
    return best, best_gain


def _weigh(tree: LexborHTMLParser, blocks: str) -> list[_Candidate]:
    """Return every ancestor of running text with its amount beneath, descendants before their ancestors."""
    found: dict[int, _Candidate] = {}
    for block in tree.css(blocks):
        run = _running(block)
        if not run:
            continue
        node: LexborNode | None = block
        for _ in range(MAX_ANCESTORS):
            if node is None or node.tag in {"html", "-undef"}:
                break
            candidate = found.get(node.mem_id)
            if candidate is None:
                candidate = found[node.mem_id] = _candidate(node)
            if candidate.chrome:
                break
            candidate.running += run
            node = node.parent
    return [candidate for candidate in found.values() if candidate.running]


def _candidate(node: LexborNode) -> _Candidate:
    attributes = node.attributes
    chrome = markup.hint_of(attributes) in NO_BODY
    return _Candidate(node, chrome=chrome, named=markup.is_container(attributes))


def _running(block: LexborNode) -> int:
    """Return how many characters of running text are the block's own."""
    whole = block.tag in WHOLE
    text = block.text(deep=whole)
    if len(text) < MIN_RUN or not RUNNING.search(text):
        return 0
    linked = sum(len(a.text()) for a in block.css("a")) if whole and "<a " in (block.html or "") else 0
    size = len(text.strip()) - linked
    return size if size >= MIN_RUN and size > linked else 0


def _gain(candidate: _Candidate) -> int:
    """Return running text minus all other text."""
    text = candidate.node.text()
    return 2 * candidate.running - len(text) + sum(map(text.count, WHITE))


def _named(candidates: Sequence[_Candidate]) -> _Candidate | None:
    """Return the container that the page names itself, the innermost of several."""
    named = [candidate for candidate in candidates if candidate.named]
    most = max((candidate.running for candidate in named), default=0)
    if most < max(MIN_NAMED, NAMED_SHARE * max(candidate.running for candidate in candidates)):
        return None
    return next(candidate for candidate in named if candidate.running >= INNER_SHARE * most)
