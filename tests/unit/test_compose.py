"""The compose file: valid, watched, restarted, and without a secret. The image's test runs its commands."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from services.runtime.broker.lock import read_lock
from tests.conftest import CHECKOUT

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {"ingest", "clean", "extract", "alert", "deliver"}


def parse(compose: dict[str, Any]) -> PyCompose:
    """Read a compose file with merge keys merged and variables at their defaults, as compose does first."""
    text = re.sub(r"\$\{\w+:\?[^}]*\}", "set", yaml.safe_dump(compose))
    return PyCompose.from_yaml(re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text))


def test_it_is_a_valid_compose_file() -> None:
    assert sorted(parse(COMPOSE).service_names()) == sorted(SERVICES)


def test_a_key_that_compose_does_not_know_is_refused() -> None:
    broken = COMPOSE | {"services": SERVICES | {"clean": SERVICES["clean"] | {"restarts": "always"}}}
    with pytest.raises(ValueError, match="restarts"):
        parse(broken)


def test_there_is_a_container_a_service_beside_kafka_prometheus_and_grafana() -> None:
    assert set(SERVICES) == OURS | {"kafka", "topics", "prometheus", "grafana"}
    for name in OURS:
        assert SERVICES[name]["command"] == ["run", name]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_restarts_and_is_watched(name: str) -> None:
    dockerfile = (CHECKOUT / "deploy" / "image" / "Dockerfile").read_text(encoding="utf-8")
    assert SERVICES[name]["restart"] in {"unless-stopped", "on-failure"}
    assert "healthcheck" in SERVICES[name] or (name in OURS and "HEALTHCHECK" in dockerfile)


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_the_file(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if any(word in variable for word in ("TOKEN", "PASSWORD", "SECRET")):
            assert str(value).startswith("${"), variable


def test_data_outlives_its_containers() -> None:
    kept = {volume.partition(":")[0] for s in SERVICES.values() for volume in s.get("volumes", [])}
    assert set(COMPOSE["volumes"]) <= kept | {"ingest-drop"}
    assert {"kafka-data", "prometheus-data", "grafana-data"} <= kept


def test_kafka_is_the_version_that_the_tests_run_on() -> None:
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{read_lock().kafka_version}"


def test_the_image_runs_as_an_ordinary_user() -> None:
    dockerfile = (CHECKOUT / "deploy" / "image" / "Dockerfile").read_text(encoding="utf-8")
    assert "USER 10001:10001" in dockerfile
