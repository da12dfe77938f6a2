"""What the documentation says is so: every setting, every metric, every file it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from services.alert.settings import AlertSettings
from services.deliver.settings import DeliverSettings
from services.ingest.settings import IngestSettings
from services.runtime.broker import BrokerSettings
from services.runtime.metrics import CATALOGUE
from services.runtime.settings import KafkaSettings, ServiceSettings
from tests.conftest import CHECKOUT

DOCS = CHECKOUT / "docs"
SETTINGS: tuple[type[BaseSettings], ...] = (
    KafkaSettings,
    ServiceSettings,
    IngestSettings,
    AlertSettings,
    DeliverSettings,
    BrokerSettings,
)
PAGES = [CHECKOUT / "README.md", *sorted(DOCS.rglob("*.md"))]
CODE = re.compile(r"`([\w./-]+)`")
ROOTS = ("services/", "schemas/", "deploy/", "tests/", "benchmarks/", "docs/")
TEST_NAME = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def settings() -> Iterator[tuple[str, str]]:
    for model in SETTINGS:
        prefix = model.model_config["env_prefix"]
        for name, field in model.model_fields.items():
            yield f"{prefix}{name}".upper(), field.description or ""


def test_every_setting_is_documented_as_its_code_describes_it() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(ISOWIRE_\w+)` \|.*\| (.+?) \|$", text, re.MULTILINE))
    assert rows == dict(settings())


def test_every_metric_is_documented_as_the_catalogue_describes_it() -> None:
    text = (DOCS / "metrics.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(isowire_\w+)` \|.*\| (.+?) \|$", text, re.MULTILINE))
    assert rows == {metric.name: metric.sentence for metric in CATALOGUE}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(CHECKOUT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = [name for name in CODE.findall(page.read_text(encoding="utf-8")) if name.startswith(ROOTS)]
    assert [name for name in named if not (CHECKOUT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(CHECKOUT)))
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    for file, name in TEST_NAME.findall(page.read_text(encoding="utf-8")):
        assert f"def {name}(" in (CHECKOUT / file).read_text(encoding="utf-8"), f"{file}::{name}"


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
