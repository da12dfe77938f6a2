"""The tables of a comparison, in Markdown, for `RESULTS.md` and for the documentation."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks.cleaning.race import CHECKOUT
from benchmarks.cleaning.scores import Scores
from benchmarks.cleaning.tools import OURS

RESULTS = Path(__file__).parent / "RESULTS.md"
DOCS = CHECKOUT / "docs" / "quality.md"
BEGIN, END = "<!-- comparison: begin -->", "<!-- comparison: end -->"
HEAD = (
    "| tool | body F1 | title | date | day | failed | CPU ms a page | to ours |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
)


@dataclass(frozen=True)
class Row:
    """A tool's scores on a group of pages."""

    tool: str
    scores: Scores


def to_markdown(
    tables: Mapping[str, Sequence[Row]], failures: Sequence[str], versions: Mapping[str, str], rounds: int
) -> str:
    """Return one table a group of pages, what tools raised, and what ran where."""
    told = ", ".join(f"{tool} {version}" for tool, version in versions.items() if tool != OURS)
    lines = [f"{datetime.now(UTC).date()}, {machine()}: {told}. CPU time is the best of {rounds} rounds.", ""]
    for group, rows in tables.items():
        lines += [f"**{rows[0].scores.pages} {group}**", "", *HEAD, *(_line(row, rows) for row in rows), ""]
    if failures:
        lines += [f"Raised, for which a page counts as 0: {'; '.join(failures)}.", ""]
    return "\n".join(lines)


def _line(row: Row, rows: Sequence[Row]) -> str:
    scores = row.scores
    ours = next((one.scores.milliseconds for one in rows if one.tool == OURS), float("nan"))
    shares = (scores.body, scores.title, scores.date, scores.day)
    cells = [*(f"{share:.3f}" for share in shares), str(scores.failed), f"{scores.milliseconds:.2f}"]
    name = "Isowire" if row.tool == OURS else row.tool
    return f"| {name} | {' | '.join(cells)} | {scores.milliseconds / ours:.1f} |"


def machine() -> str:
    """Return the size of the machine and its Python."""
    memory = round(psutil.virtual_memory().total / 2**30)
    return f"{os.cpu_count()} cores, {memory} GiB, CPython {platform.python_version()}"


def embed(tables: str, page: Path) -> None:
    """Put the tables between the marks of a page of the documentation; raises `ValueError` without marks."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{tables}{END}{after}", encoding="utf-8")
