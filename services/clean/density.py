"""Find the elements that hold the article: as much running text and as little else as possible.

Every block of running text counts for all its ancestors; the best is the row of neighbouring children of one
element where running text minus all other text (links, menus, lists, bylines) is largest. That is the maximum
subsequence view of Pasternack and Roth ("Extracting Article Text from the Web with Maximum Subsequence
Segmentation", 2009), laid over the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
# Children at the ends of an element are left out where that gains so many characters; for fewer the element is
# taken whole, since short lines at its ends are mostly a signature.
MIN_TRIMMED = 60
MAX_SIGNATURE = 60  # characters of a line without links that goes with the text in front of it


@dataclass(frozen=True)
class Body:
    """The neighbouring elements that hold the article; `doubt` where little running text or much else is there."""

    first: LexborNode
    last: LexborNode
    running: int
    doubt: bool

    @property
    def html(self) -> str:
        """The markup from the first element to the last."""
        return "".join(node.html or "" for node in _row(self.first, self.last))


@dataclass
class _Candidate:
    node: LexborNode
    chrome: bool
    named: bool
    running: int = 0


@dataclass(frozen=True)
class _Span:
    """A row of neighbours and its running text minus all other text."""

    first: LexborNode
    last: LexborNode
    gain: int


def find_body(tree: LexborHTMLParser) -> Body | None:
    """Return the elements that hold the article, or None where the page has no running text at all."""
    found = _weigh(tree, BLOCKS)
    if max((c.running for c in found.values()), default=0) < ENOUGH_RUN:
        found = _weigh(tree, RARE_BLOCKS)
    candidates = [candidate for candidate in found.values() if candidate.running]
    if not candidates:
        return None
    named = _named(candidates)
    if named:
        return Body(named.node, named.node, named.running, doubt=False)
    best, span = _best(candidates, found)
    share = (best.running + span.gain) / (2 * best.running)
    doubt = best.running < DOUBTFUL_RUN or share < DOUBTFUL_SHARE
    return Body(span.first, span.last, best.running, doubt=doubt)


def _best(candidates: Sequence[_Candidate], found: Mapping[int, _Candidate]) -> tuple[_Candidate, _Span]:
    """Return the candidate with the row of children that gains most, and that row.

    No gain is larger than the running text; and of an element and its ancestor with the same running text the
    ancestor, which comes later, gains no more. That spares nearly all of them the count.
    """
    best, best_span, seen = candidates[0], _Span(candidates[0].node, candidates[0].node, -(10**9)), set[int]()
    for candidate in sorted(candidates, key=lambda c: -c.running):
        if candidate.running <= best_span.gain:
            break
        if candidate.running in seen:
            continue
        seen.add(candidate.running)
        span = _span(candidate, found)
        if span.gain > best_span.gain:
            best, best_span = candidate, span
    return best, best_span


def _weigh(tree: LexborHTMLParser, blocks: str) -> dict[int, _Candidate]:
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
    return found


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


def _span(candidate: _Candidate, found: Mapping[int, _Candidate]) -> _Span:
    """Return the row of children with the largest sum of running text minus all other text."""
    whole = sum_here = 0
    best = here = None
    best_gain = -(10**9)
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
        return _Span(candidate.node, candidate.node, whole)
    return _Span(best[0], _with_signature(best[1]), best_gain)


def _gain(node: LexborNode, found: Mapping[int, _Candidate]) -> int:
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
    return 2 * weighed.running - size if weighed else -size


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


def _row(first: LexborNode, last: LexborNode) -> Iterator[LexborNode]:
    node: LexborNode | None = first
    while node is not None:
        yield node
        if node.mem_id == last.mem_id:
            return
        node = node.next


def _named(candidates: Sequence[_Candidate]) -> _Candidate | None:
    """Return the container that the page names itself, the innermost of several."""
    named = [candidate for candidate in candidates if candidate.named]
    most = max((candidate.running for candidate in named), default=0)
    if most < max(MIN_NAMED, NAMED_SHARE * max(candidate.running for candidate in candidates)):
        return None
    return next(candidate for candidate in named if candidate.running >= INNER_SHARE * most)
