"""A flash: one paragraph right below the heading, often shorter than the notices elsewhere on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.clean.page.rows import Candidate

MIN_FLASH = 24  # characters
MAX_LEVELS = 40
MIN_HEADING = 6
# A heading in one of these has its summary beside it, and the text elsewhere.
HEADS = frozenset({"header", "hgroup"})
# What lies in one of these is told to be the text, wherever the heading stands.
TOLD = frozenset({"main", "article"})


def below_heading(
    tree: LexborHTMLParser, found: Mapping[int, Candidate], best: LexborNode
) -> Candidate | None:
    """Return the element with the only main heading and a text below it, where the best lies far from both.

    Far: nothing but the whole page holds both, and no tag says that the best is the text.
    """
    headings = [node for node in tree.css("h1") if len(node.text().strip()) >= MIN_HEADING]
    if len(headings) != 1:
        return None
    beside = {node.mem_id for node in _ancestors(headings[0])}
    above = [best, *_ancestors(best)]
    if any(node.mem_id in beside or node.tag in TOLD for node in above):
        return None
    for node in _ancestors(headings[0]):
        held = found.get(node.mem_id)
        if node.tag in HEADS or (held and held.inside_chrome):
            return None
        if held and held.running >= MIN_FLASH:
            return None if held.chrome else held
    return None


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements around one, innermost first, up to the page."""
    at = node.parent
    for _ in range(MAX_LEVELS):
        if at is None or at.tag in {"body", "html"}:
            return
        yield at
        at = at.parent
