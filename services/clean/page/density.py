"""Find the elements that hold the article: as much running text and as little else as possible.

Every block of running text counts for all its ancestors; the best is the row of neighbouring children of one
element where running text minus all other text (links, menus, lists, bylines) is largest. That is the maximum
subsequence view of Pasternack and Roth ("Extracting Article Text from the Web with Maximum Subsequence
Segmentation", 2009), laid over the tree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.clean.page import markup
from services.clean.page.flash import below_heading
from services.clean.page.rows import MIN_RUN, NOTHING, RUNNING, Candidate, Span, gaining_row, opens_aside, row

BLOCKS = "p,td,div,section,article,body"
ROOTS = {"html", "-undef"}
RARE_BLOCKS = (
    BLOCKS + ",main,font,pre,blockquote,dd,center,span,li,strong,b,em"
)  # some editors write every sentence into one of these
WHOLE = {"p", "pre", "blockquote"}  # their inline children belong to their text
# Who runs the site, at the foot of its pages, and the bars that ask for consent: no running text, though they
# have signs enough.
IMPRINT = re.compile(
    "ICP备|ICP備|ICP证|ICP證|版权所有|版權所有|Copyright|copyright|©|邮编|郵遞區號|公网安备|举报电|举报邮|"
    "All Rights|[Uu]s(?:e|es|ing) [Cc]ookies|使用 ?[Cc]ookie|"
    "(?:同意|接受|[阅閱][读讀]|更新)[^。]{0,16}[隐隱]私[权權]?(?:政策|声明|聲明|条款|條款)"
)
MAX_IMPRINT = 300
MAX_ANCESTORS = 40  # deeper trees are generated nonsense, and the walk stays linear
# A container that the page names itself is believed where it holds this share of the best one's running text.
NAMED_SHARE = 0.5
MIN_NAMED = 60
INNER_SHARE = 0.9
ENOUGH_RUN = 400  # with less, the text may stand in elements that hold none on ordinary pages
# With less running text the choice is doubtful (calibrated on short but complete notices of 80 characters).
DOUBTFUL_RUN = 80
DOUBTFUL_SHARE = 0.4


class Pass(NamedTuple):
    """One look at a page: the elements that may hold text, the sign of text, and the least that is any."""

    blocks: str
    sign: re.Pattern[str]
    shortest: int


FIRST = Pass(BLOCKS, RUNNING, MIN_RUN)
# The text may stand in elements that hold none on ordinary pages.
SECOND = Pass(RARE_BLOCKS, RUNNING, MIN_RUN)
# Any words that are no link: some people write without punctuation, and the cells of a table have none.
LAST = Pass(RARE_BLOCKS, re.compile("[\u4e00-\u9fff]{2}"), 4)
MISLED_BY_TEXT = 40  # the same, below the heading of a list that may never have been closed
MISLED = 10  # times the text outside that the text inside chrome must be to be believed
TWICE = 2  # times the running text of the first look that the second must find
MUCH_MORE = 4  # times the running text that mere words must be to be taken instead


@dataclass(frozen=True)
class Body:
    """The neighbouring elements that hold the article; `doubt` where they hold little or much else too."""

    first: LexborNode
    last: LexborNode
    running: int
    doubt: bool

    @property
    def html(self) -> str:
        """The markup from the first element to the last."""
        return "".join(node.html or "" for node in row(self.first, self.last))

    def drop(self) -> None:
        """Take the elements out of the tree; the body is of no use afterwards."""
        for node in list(row(self.first, self.last)):
            node.decompose()


def find_body(tree: LexborHTMLParser) -> Body | None:
    """Return the elements that hold the article, or None where the page has no text at all."""
    first = _body(tree, FIRST)
    if first and not first.doubt and first.running >= ENOUGH_RUN:
        return first
    best = _better(first, _body(tree, SECOND), TWICE)
    if best and not best.doubt:
        return best
    last = _body(tree, LAST)
    return best if best and last and last.doubt else _better(best, last, MUCH_MORE)


def _better(body: Body | None, other: Body | None, times: int) -> Body | None:
    """Return the other body where it holds that many times the text of the first."""
    if body is None or other is None:
        return body or other
    return other if other.running >= times * body.running else body


def _body(tree: LexborHTMLParser, look: Pass) -> Body | None:
    found = _weigh(tree, look)
    candidates = _outside_chrome([candidate for candidate in found.values() if candidate.running])
    if not candidates:
        return None
    named = _named(candidates)
    if named:
        return Body(named.node, named.node, named.running, doubt=False)
    best, span = _best(candidates, found)
    flash = below_heading(tree, found, span.first) if best.running < ENOUGH_RUN else None
    if flash:
        best, span = _best([flash], found)
    share = (best.running + span.gain) / (2 * best.running)
    doubt = best.running < DOUBTFUL_RUN or share < DOUBTFUL_SHARE
    return Body(span.first, span.last, best.running, doubt=doubt)


def _outside_chrome(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Return those that lie in no chrome; all of them where chrome holds nearly everything: names mislead."""
    outside = [candidate for candidate in candidates if not candidate.inside_chrome]
    void = max((candidate.running for candidate in candidates if candidate.inside_void), default=0)
    chrome = max((c.running for c in candidates if c.inside_chrome and not c.inside_void), default=0)
    most = max((candidate.running for candidate in outside), default=0)
    misled = chrome > MISLED * most or void > MISLED_BY_TEXT * most
    return candidates if misled else outside


def _best(candidates: Sequence[Candidate], found: Mapping[int, Candidate]) -> tuple[Candidate, Span]:
    """Return the candidate with the row of children that gains most, and that row.

    No gain is larger than the running text; and of an element and its ancestor with the same running text the
    ancestor, which comes later, gains no more. That spares nearly all of them the count.
    """
    best, best_span, seen = candidates[0], Span(candidates[0].node, candidates[0].node, NOTHING), set[int]()
    for candidate in sorted(candidates, key=lambda c: -c.running):
        if candidate.running <= best_span.gain:
            break
        if candidate.running in seen:
            continue
        seen.add(candidate.running)
        span = gaining_row(candidate, found)
        if span.gain > best_span.gain:
            best, best_span = candidate, span
    return best, best_span


def _weigh(tree: LexborHTMLParser, look: Pass) -> dict[int, Candidate]:
    """Return the blocks of running text and all their ancestors, each with its amount beneath."""
    found: dict[int, Candidate] = {}
    beneath: dict[int, list[Candidate]] = {}  # blocks by their parents
    whole: set[int] = set()  # blocks whose inner ones are counted already
    for node in tree.css(look.blocks):
        tag = node.tag
        run = _running(node, look, whole=tag in WHOLE)
        if not run:
            continue
        if tag in WHOLE:
            whole.add(node.mem_id)
        block, parent = _add(found, node, run), node.parent
        if parent is not None and not block.chrome:
            block.own = run
            beneath.setdefault(parent.mem_id, []).append(block)
    for blocks in beneath.values():
        _climb(found, blocks, whole)
    return found


def _climb(found: dict[int, Candidate], blocks: Sequence[Candidate], whole: Container[int]) -> None:
    """Count neighbouring blocks for all their ancestors up to one that is chrome, or to a counted block.

    Within a link they count for nothing, for they are teasers.
    """
    run = sum(block.own for block in blocks)
    below = list(blocks)
    node = blocks[0].node.parent
    for _ in range(MAX_ANCESTORS):
        if node is None or node.tag in ROOTS or node.mem_id in whole:
            return
        candidate = _add(found, node, run, above=True)
        if candidate.chrome:
            for inner in below:
                inner.inside_chrome = True
                inner.inside_void = inner.inside_void or candidate.void
                inner.running *= candidate.node.tag != "a"
            return
        below.append(candidate)
        node = node.parent


def _add(found: dict[int, Candidate], node: LexborNode, run: int, *, above: bool = False) -> Candidate:
    """Count running text for an element; `above`: inner ones hold it, so that may be a list or a link."""
    candidate = found.get(node.mem_id)
    if candidate is None:
        attributes = node.attributes
        void = above and ((node.tag == "a" and "href" in attributes) or opens_aside(node))
        chrome = void or (bool(attributes) and markup.is_no_body(attributes))
        named = markup.container(attributes) if attributes and node.tag != "body" else ""
        candidate = found[node.mem_id] = Candidate(node, chrome=chrome, named=named, void=void)
    if not candidate.chrome:
        candidate.running += run
    return candidate


def _running(block: LexborNode, look: Pass, *, whole: bool) -> int:
    """Return how many characters of running text are the block's own; `whole`: with its inline children."""
    text = block.text(deep=whole)
    if len(text) < look.shortest or not look.sign.search(text):
        return 0
    if len(text) < MAX_IMPRINT and IMPRINT.search(text):
        return 0
    linked = sum(len(a.text()) for a in block.css("a[href]")) if whole and "<a " in (block.html or "") else 0
    size = len(text.strip()) - linked
    return size if size >= look.shortest and size > linked else 0


def _named(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the container that the page names itself, the innermost of several within each other.

    Of several posts in a thread it is the first, the others are answers to it.
    """
    named = [candidate for candidate in candidates if candidate.named]
    by_name = Counter[str]()
    for candidate in named:
        by_name[candidate.named] += candidate.running
    if max(by_name.values(), default=0) < max(MIN_NAMED, NAMED_SHARE * max(c.running for c in candidates)):
        return None
    most = max(candidate.running for candidate in named)
    best = next(candidate for candidate in named if candidate.running >= INNER_SHARE * most)
    posts = (post for post in named if post.named == best.named and post.running >= MIN_NAMED)
    return next(posts, best)
