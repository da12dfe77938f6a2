"""`python -m benchmarks.cleaning`: bodies, titles, dates and speed beside the peers on the same pages.

The pages are our own rendered corpus, and a folder of annotated pages where `--pages` names one (its form:
`samples.py`). Tools run one after the other, each in a process of its own.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.cleaning.environment import peers_python, versions
from benchmarks.cleaning.race import Found, race
from benchmarks.cleaning.samples import Sample, folder, own
from benchmarks.cleaning.scores import score
from benchmarks.cleaning.table import DOCS, RESULTS, Row, embed, to_markdown
from benchmarks.cleaning.tools import OURS, TOOLS

ROUNDS = 5


def main() -> None:
    """Compare, print the tables, and write them with `--write`."""
    options = _options()
    samples = [*own(), *(folder(options.pages) if options.pages else ())]
    found = {}
    for tool in options.tools:
        print(f"{tool}: {len(samples)} pages", file=sys.stderr, flush=True)
        found[tool] = race(_python(tool), tool, samples, options.rounds)
    tables = to_markdown(groups(samples, found), failures(found), _versions(options.tools), options.rounds)
    print(tables)
    if options.write:
        RESULTS.write_text(f"# Cleaning beside its peers\n\n{tables}", encoding="utf-8")
        embed(tables, DOCS)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cleaning", description=__doc__)
    parser.add_argument("--pages", type=Path, help="a folder of NAME.html and NAME.json beside our own pages")
    parser.add_argument("--tools", nargs="+", default=list(TOOLS), choices=list(TOOLS))
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="a page's CPU time is the best of so many")
    parser.add_argument("--write", action="store_true", help=f"renew {RESULTS.name} and docs/{DOCS.name}")
    return parser.parse_args()


def _python(tool: str) -> Path:
    return Path(sys.executable) if tool == OURS else peers_python()


def _versions(tools: Sequence[str]) -> Mapping[str, str]:
    peers = [tool for tool in tools if tool != OURS]
    return {OURS: "this checkout", **(versions(peers_python(), peers) if peers else {})}


def groups(samples: Sequence[Sample], found: Mapping[str, Sequence[Found]]) -> dict[str, list[Row]]:
    """Return a row a tool for each group of pages."""
    tables: dict[str, list[Row]] = {}
    for name in dict.fromkeys(sample.group for sample in samples):
        places = [place for place, sample in enumerate(samples) if sample.group == name]
        tables[name] = [
            Row(tool, score([samples[i] for i in places], [results[i] for i in places]))
            for tool, results in found.items()
        ]
    return tables


def failures(found: Mapping[str, Sequence[Found]]) -> list[str]:
    """Return how often a tool raised what, or its process ended."""
    kinds = {tool: Counter(one.error.split(":")[0] for one in f if one.error) for tool, f in found.items()}
    return [f"{tool}: {kind}, {count} pages" for tool, c in kinds.items() for kind, count in c.most_common()]


if __name__ == "__main__":
    main()
