"""`python -m benchmarks.cleaning.cost`: what a page costs by step, beside trafilatura, and as it grows."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from benchmarks.cleaning.environment import peers_python
from benchmarks.cleaning.growth import LINEAR, SIZES, Point, factor, grow
from benchmarks.cleaning.race import race
from benchmarks.cleaning.samples import Sample, as_page
from benchmarks.cleaning.scores import score
from benchmarks.cleaning.shapes import SHAPES
from benchmarks.cleaning.table import machine
from benchmarks.pages import CLOAKED_EVERY, make_pages
from schemas.raw import RawArticle
from services.clean import clean as cleaning

COST = Path(__file__).parent / "COST.md"
PAGES = 40
ROUNDS = 10
REST = "the rest"
# The functions that `clean` calls, by step.
STEPS = {
    "charset": ("opened",),
    "HTML to lines": ("is_html", "read_page", "read_text"),
    "repair": ("repair", "mend"),
    "sorting": ("split_header", "sort_lines"),
    "metadata": ("evidence", "read_metadata"),
    "report, model, fingerprint": ("judge", "report", "tongue_of", "article"),
}


def main() -> None:
    """Measure, print, and write with `--write`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cleaning.cost", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"renew {COST.name}")
    parser.add_argument(
        "--kinds", nargs="*", default=list(SHAPES), choices=list(SHAPES), help="shapes that grow"
    )
    options = parser.parse_args()
    pages = portal_pages()
    steps = step_costs(pages)
    ratio = beside_trafilatura(pages)
    grown = {}
    for kind in options.kinds:
        print(kind, file=sys.stderr, flush=True)
        grown[kind] = grow(kind)
    told = to_markdown(pages, steps, ratio, grown)
    print(told)
    if options.write:
        COST.write_text(told, encoding="utf-8")


def portal_pages() -> list[RawArticle]:
    """Return the benchmark's portal pages of some 60 KB, without the cloaked ones."""
    pages = make_pages(PAGES)
    return [page for number, page in enumerate(pages) if number % CLOAKED_EVERY != 1]


def step_costs(pages: Sequence[RawArticle]) -> dict[str, float]:
    """Return the CPU milliseconds a page of each step: the best of `ROUNDS` rounds over all pages."""
    rounds = [_round(pages) for _ in range(ROUNDS + 1)][1:]
    return {step: min(costs[step] for costs in rounds) for step in [*STEPS, REST]}


def _round(pages: Sequence[RawArticle]) -> dict[str, float]:
    with split() as spent:
        began = time.process_time()
        for page in pages:
            cleaning.clean(page)
        whole = time.process_time() - began
    spent[REST] = whole - sum(spent.values())
    return {step: spent[step] / len(pages) * 1000 for step in [*STEPS, REST]}


@contextmanager
def split() -> Iterator[dict[str, float]]:
    """Let the functions that `clean` calls note their CPU seconds, by step."""
    spent: dict[str, float] = dict.fromkeys(STEPS, 0.0)
    names = [(step, name) for step, functions in STEPS.items() for name in functions]
    kept = {name: getattr(cleaning, name) for _, name in names}
    try:
        for step, name in names:
            setattr(cleaning, name, _timed(kept[name], step, spent))
        yield spent
    finally:
        for name, function in kept.items():
            setattr(cleaning, name, function)


def _timed(function: Callable[..., Any], step: str, spent: dict[str, float]) -> Callable[..., Any]:
    @wraps(function)
    def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.process_time()
        result = function(*args, **kwargs)
        spent[step] += time.process_time() - began
        return result

    return timed


def beside_trafilatura(pages: Sequence[RawArticle]) -> tuple[float, float]:
    """Return our CPU milliseconds a page and trafilatura's, on the same pages."""
    samples = [_sample(page) for page in pages]
    tools = {"isowire": Path(sys.executable), "trafilatura": peers_python()}
    ours, theirs = (score(samples, race(python, tool, samples, ROUNDS)) for tool, python in tools.items())
    return ours.milliseconds, theirs.milliseconds


def _sample(page: RawArticle) -> Sample:
    return Sample(
        name=page.url or "",
        group="portal pages",
        page=as_page(page.body, page.url, page.content_type),
        body="",
        titles=(None,),
        dates=(None,),
    )


def to_markdown(
    pages: Sequence[RawArticle],
    steps: Mapping[str, float],
    ratio: tuple[float, float],
    grown: Mapping[str, Sequence[Point]],
) -> str:
    """Return all as one page."""
    size = sum(len(page.body) for page in pages) / len(pages) / 1000
    ours, theirs = ratio
    compared = (
        f"{len(pages)} portal pages of {size:.0f} KB: **{ours:.2f} ms** CPU a page; trafilatura takes "
        f"{theirs:.1f} ms on the same pages in the same run, **{theirs / ours:.1f} times** as much."
    )
    lines = [
        "# What cleaning costs",
        "",
        f"`python -m benchmarks.cleaning.cost` on {machine()}.",
        "",
        compared,
        "",
        "| step | CPU ms a page |",
        "| --- | ---: |",
        *(f"| {step} | {milliseconds:.3f} |" for step, milliseconds in steps.items()),
        f"| all | {sum(steps.values()):.3f} |",
        "",
        f"| shape | {' | '.join(f'{size / 1e6:g} MB' for size in SIZES)} | growth |",
        f"| --- | {' | '.join('---:' for _ in SIZES)} | ---: |",
        *(_row(kind, list(points)) for kind, points in grown.items()),
        "",
        "CPU ms a megabyte; *in italics* where the page is rejected as too large. Growth is the largest of",
        f"them to the first; above {LINEAR} a shape grows worse than linearly.",
        "",
    ]
    return "\n".join(lines)


def _row(kind: str, points: list[Point]) -> str:
    cells = (f"{point.per_megabyte * 1000:.0f}" for point in points)
    told = (f"*{cell}*" if point.reason else cell for cell, point in zip(cells, points, strict=True))
    growth = factor(points)
    return f"| {kind} | {' | '.join(told)} | {f'**{growth:.1f}**' if growth > LINEAR else f'{growth:.1f}'} |"


if __name__ == "__main__":
    main()
