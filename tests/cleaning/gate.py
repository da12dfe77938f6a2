"""The gate of cleaning: `python -m tests.cleaning.gate [OPTION…]`.

Cleans the corpus, prints its figures, and compares them with `floors.json`: a floor for every figure over all
pages, for some by template and by noise, and the checksum of the corpus that they belong to.

    --errors             also print what is wrong on every page
    --update             write what was reached as the new floors, and into docs/quality.md; lowers none
    --allow-regression   with --update: lower floors too
    --seed N             only measure, on the corpus of another seed: other pages of the same articles

Exit code 0: nothing is worse than its floor. 1: something is. 2: usage. 3: the corpus is another than that of
the floors, and `--update` was not given. 4: `--update` would lower a floor, and `--allow-regression` was not
given.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from services.clean.clean import clean
from tests.cleaning.corpus import checksum, corpus
from tests.cleaning.measure import COUNTS, Cleaner, Outcome, by, figures, judged
from tests.cleaning.page import Page

FLOORS = Path(__file__).parent / "floors.json"
DOCS = Path(__file__).parents[2] / "docs" / "quality.md"
DOCS_TABLE = re.compile("(<!-- figures: .*? -->\\n).*?(<!-- end of figures -->)", re.DOTALL)
OK, WORSE, OTHER_CORPUS, REGRESSION = 0, 1, 3, 4
SOME = ("body.f1", "body.exact", "title", "published", "rejected", "leaks", "lost", "invented")
TRAITS = ("template", "noise")
Table = dict[str, dict[str, float]]


def gate(
    pages: Sequence[Page],
    cleaner: Cleaner = clean,
    *,
    floors: Path = FLOORS,
    errors: bool = False,
    update: bool = False,
    allow_regression: bool = False,
) -> int:
    """Measure, print, compare and perhaps write the floors; return the exit code."""
    outcomes = judged(pages, cleaner)
    reached = {"corpus": checksum(pages), **tables(outcomes)}
    _say(report(reached, outcomes, errors=errors))
    pinned = json.loads(floors.read_text(encoding="utf-8")) if floors.exists() else {}
    same = pinned.get("corpus") == reached["corpus"]
    worse = list(regressions(pinned, reached))
    _say("\n".join(f"WORSE {line}" for line in worse))
    if update:
        if worse and not allow_regression:
            _say("refused: --update lowers no floor without --allow-regression")
            return REGRESSION
        floors.write_text(json.dumps(reached, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return OK
    if not same:
        _say("the corpus is another than that of the floors: see whether it is meant, then --update")
        return OTHER_CORPUS
    return WORSE if worse else OK


def tables(outcomes: Sequence[Outcome]) -> dict[str, Table]:
    """Return what is pinned: the figures of all pages, and some of them by template and by noise."""
    some = {
        trait: {
            name: {key: value for key, value in found.items() if key in SOME}
            for name, found in by(outcomes, trait).items()
        }
        for trait in TRAITS
    }
    return {"figures": {"all": figures(outcomes)}, **some}


def regressions(pinned: Mapping[str, Any], reached: Mapping[str, Any]) -> Iterator[str]:
    """Yield every figure that is worse than its floor, or gone."""
    for table in ("figures", *TRAITS):
        for group, floors in pinned.get(table, {}).items():
            found = reached[table].get(group, {})
            for name, floor in floors.items():
                value = found.get(name)
                if name != "pages" and (value is None or _is_worse(name, value, floor)):
                    yield f"{group} {name}: {value}, floor {floor}"


def _is_worse(name: str, value: float, floor: float) -> bool:
    return value > floor if name in COUNTS else value < floor


def report(reached: Mapping[str, Any], outcomes: Sequence[Outcome], *, errors: bool) -> str:
    """Return the figures as people read them."""
    lines = [f"corpus {reached['corpus']}"]
    lines += [f"{name:<16} {value:g}" for name, value in reached["figures"]["all"].items()]
    for trait in TRAITS:
        lines += ["", *_table(trait, by(outcomes, trait))]
    if errors:
        for outcome in outcomes:
            lines += [f"{outcome.page.name}  {error}" for error in outcome.errors]
    return "\n".join(lines)


def _table(trait: str, rows: Table) -> list[str]:
    head = f"{trait:<18}{'pages':>7}" + "".join(f"{name:>12}" for name in SOME)
    cells = [
        f"{name:<18}{row['pages']:>7g}"
        + "".join(f"{row[key]:>12.4g}" if key in row else f"{'-':>12}" for key in SOME)
        for name, row in rows.items()
    ]
    return [head, *cells]


def documented(page: str, pinned: Mapping[str, Any]) -> str:
    """Return the page of the docs with the pinned figures in its table."""
    columns = [name for name in SOME if name != "rejected"]
    rows = ["| figure | all pages |", "| --- | --- |"]
    rows += [f"| {name} | {value:g} |" for name, value in pinned["figures"]["all"].items()]
    rows += ["", f"| template | {' | '.join(columns)} |", f"| --- |{' --- |' * len(columns)}"]
    for name, found in pinned["template"].items():
        if "body.f1" in found:
            rows.append(f"| {name} | {' | '.join(f'{found[column]:g}' for column in columns)} |")
    table = "\n".join(["", *rows, "", ""])
    return DOCS_TABLE.sub(lambda match: match[1] + table + match[2], page)


def _say(text: str) -> None:
    if text:
        sys.stdout.write(f"{text}\n")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.cleaning.gate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for option in ("--errors", "--update", "--allow-regression"):
        parser.add_argument(option, action="store_true")
    parser.add_argument("--seed", type=int)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the gate over the whole corpus."""
    options = _options(arguments)
    if options.seed is not None:
        pages = list(corpus(options.seed))
        outcomes = judged(pages, clean)
        _say(report({"corpus": checksum(pages), **tables(outcomes)}, outcomes, errors=options.errors))
        return OK
    code = gate(
        list(corpus()),
        errors=options.errors,
        update=options.update,
        allow_regression=options.allow_regression,
    )
    if options.update and code == OK:
        page = documented(DOCS.read_text(encoding="utf-8"), json.loads(FLOORS.read_text(encoding="utf-8")))
        DOCS.write_text(page, encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
