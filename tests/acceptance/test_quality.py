"""How well pages are read: the whole of clean and extract against golden annotations, with pinned floors.

The floors belong to one corpus: its checksum is pinned too, and another corpus fails until they are set anew.
Run with `-s` to see the table of all figures.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from schemas.extracted import Claim, DateMention, Event, ExtractedArticle, Money
from schemas.raw import RawArticle
from services.alert.match import matching_rules
from services.alert.rules import load_rules
from services.clean.clean import clean
from services.extract.extract import extract
from services.runtime.outcome import Rejected

pytestmark = pytest.mark.shared

CORPUS_SHA256 = "8489aa30e2b2781971730d528e2b8103c46ea64821b5424019aa4b52f47842d5"
FETCHED = datetime(2026, 6, 30, tzinfo=UTC)

# What must be reached (first) and what was reached when the floor was set, less a little (second).
FLOORS: dict[str, dict[str, tuple[float, float]]] = {
    "seeds": {
        "body.exact": (5, 5),
        "metadata.all": (1.0, 1.0),
        "metadata.relevance": (1.0, 1.0),
        "persons.f1": (0.95, 0.95),
        "entities.micro.f1": (0.90, 0.90),
        "events.f1": (0.85, 0.95),
        "claims.f1": (0.0, 0.95),
    },
    "dev": {
        "body.similarity": (0.97, 0.99),
        "metadata.all": (0.0, 0.97),
        "metadata.relevance": (0.0, 0.97),
        "persons.f1": (0.85, 0.85),
        "entities.micro.f1": (0.75, 0.85),
        "events.f1": (0.65, 0.95),
        "events.participants": (0.0, 0.72),
        "events.date": (0.0, 0.83),
        "alerts.f1": (0.80, 0.97),
        "claims.f1": (0.0, 0.90),
    },
}
# What may not be exceeded: (must, reached).
CEILINGS: dict[str, dict[str, tuple[float, float]]] = {
    "seeds": {
        "body.leaks": (0, 0),
        "events.overclaimed": (0, 0),
        "invented": (0, 0),
        "alerts.missed": (0, 0),
        "alerts.false": (0, 0),
    },
    "dev": {
        "body.leaks": (8, 2),
        "events.overclaimed": (4, 0),
        "invented": (0, 0),
        "alerts.false": (8, 1),
    },
}


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def evaluation(shared_dir: Path) -> Path:
    return shared_dir / "eval"


@pytest.fixture(scope="module")
def scorer(evaluation: Path) -> ModuleType:
    return _load("isowire_eval_score", evaluation / "score.py")


def _corpus_files(folder: Path) -> Iterator[Path]:
    for part in ("seeds", "dev/pages", "golden"):
        yield from sorted(path for path in (folder / part).rglob("*") if path.is_file())
    yield folder / "score.py"


def _checksum(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in _corpus_files(folder):
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read(path: Path) -> ExtractedArticle:
    cleaned = clean(RawArticle(body=path.read_bytes(), source_id="quality", fetched_at=FETCHED))
    assert not isinstance(cleaned, Rejected), f"{path.name}: {cleaned}"
    extracted = extract(cleaned)
    assert not isinstance(extracted, Rejected), f"{path.name}: {extracted}"
    return extracted


def _predictions(folder: Path) -> dict[str, dict[str, Any]]:
    rules = load_rules()
    predictions = {}
    for path in sorted(folder.iterdir()):
        article = _read(path)
        alerts = matching_rules(article, rules)
        predictions[path.stem] = {**article.model_dump(mode="json"), "id": path.stem, "alerts": alerts}
    return predictions


PAGES = {"seeds": "seeds", "dev": "dev/pages"}


@pytest.fixture(scope="module", params=["seeds", "dev"])
def scored(
    request: pytest.FixtureRequest, evaluation: Path, scorer: ModuleType
) -> tuple[str, Any, dict[str, float]]:
    part = str(request.param)
    golden = scorer.load_golden(evaluation / "golden" / part)
    score = scorer.score(golden, _predictions(evaluation / PAGES[part]))
    figures: dict[str, float] = score.figures()
    print(f"\n{part}\n{scorer.table(score, figures)}\n" + "\n".join(score.errors))  # noqa: T201 - read with -s
    return part, score, figures


def test_the_floors_belong_to_this_corpus(evaluation: Path) -> None:
    assert _checksum(evaluation) == CORPUS_SHA256


def test_every_page_is_read(scored: tuple[str, Any, dict[str, float]]) -> None:
    part, _, figures = scored
    assert figures["docs.missing"] == 0, part


def test_no_figure_falls_below_its_floor(scored: tuple[str, Any, dict[str, float]]) -> None:
    part, _, figures = scored
    short = {k: (figures[k], floor) for k, (_, floor) in FLOORS[part].items() if figures[k] < floor}
    assert not short, f"{part}: figure and floor {short}"


def test_no_figure_exceeds_its_ceiling(scored: tuple[str, Any, dict[str, float]]) -> None:
    part, _, figures = scored
    over = {k: (figures[k], top) for k, (_, top) in CEILINGS[part].items() if figures[k] > top}
    assert not over, f"{part}: figure and ceiling {over}"


def test_no_floor_is_set_below_what_must_be_reached() -> None:
    for part in PAGES:
        assert all(reached >= must for must, reached in FLOORS[part].values())
        assert all(reached <= must for must, reached in CEILINGS[part].values())


def test_no_trap_fires(evaluation: Path, scorer: ModuleType) -> None:
    """Sentences that deny, end, suppose or rehearse something give no occurred event of that type."""
    extras = scorer.json.loads((evaluation / "dev" / "extras.json").read_text(encoding="utf-8"))
    fired = []
    for path in sorted((evaluation / "dev" / "pages").iterdir()):
        occurred = [e for e in _read(path).events if e.status == "occurred"]
        for trap in extras[path.stem].get("traps", []):
            hits = [e for e in occurred if e.type == trap["type"]]
            fired += [(path.stem, e.evidence) for e in hits if scorer.overlap(e.evidence, trap["evidence"])]
    assert not fired


def test_every_fact_stands_where_it_says(evaluation: Path) -> None:
    """Evidence is `body[start:end]`, to the code point."""
    for path in sorted((evaluation / "seeds").iterdir()):
        article = _read(path)
        facts: list[Event | Claim | Money | DateMention] = [*article.events, *article.claims]
        for fact in [*facts, *article.money, *article.dates]:
            told = fact.evidence if isinstance(fact, Event) else fact.text
            assert article.body[fact.start : fact.end] == told
