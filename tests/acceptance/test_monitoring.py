"""A real Prometheus scrapes the running services: every query of the dashboards and rules returns data."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from services.alert.rules import DEFAULT_RULES_FILE
from services.cli.demo import SAMPLES, write_sources
from services.cli.dev import Deployment, deployed
from services.cli.fleet import free_ports, process_names, write_targets
from services.cli.page_server import serving
from services.cli.pages import page_files
from services.cli.tracker import tracking
from services.ingest.oneshot import publish_paths
from services.ingest.publish import Published
from tests.conftest import CHECKOUT, Kafka, missing

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

DEPLOY = CHECKOUT / "deploy"
THROUGH_SECONDS = 90.0
DATA_SECONDS = 60.0
# What stands in an expression besides functions, keywords and labels: the series it reads.
SERIES = re.compile(r"(?<![\w:])((?:isowire_|stage\w*:|source:|up\b)[\w:]*)(\{[^}]*\})?")


@pytest.fixture
def prometheus_binary() -> str:
    binary = shutil.which("prometheus")
    if binary is None:
        missing("prometheus is not installed", "ISOWIRE_REQUIRE_PROMETHEUS")
    return binary


def dashboard_queries() -> Iterator[str]:
    for file in sorted((DEPLOY / "grafana" / "dashboards").glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                yield target["expr"]


def rules(kind: str) -> Iterator[str]:
    for file in sorted((DEPLOY / "prometheus" / "rules").glob("*.yml")):
        for group in yaml.safe_load(file.read_text())["groups"]:
            yield from (rule["expr"] for rule in group["rules"] if kind in rule)


def series(expression: str) -> Iterator[str]:
    for name, selector in SERIES.findall(expression):
        yield f"{name}{selector}"


class Prometheus:
    """A Prometheus of the test's own."""

    def __init__(self, binary: str, folder: Path, targets: Path) -> None:
        self.port = free_ports(1)[0]
        config = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(DEPLOY / "prometheus" / "rules" / "*.yml")],
            "scrape_configs": [{"job_name": "isowire", "file_sd_configs": [{"files": [str(targets)]}]}],
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        self.process = subprocess.Popen(
            [
                binary,
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--log.level=error",
            ]
        )

    def result(self, query: str) -> list[Any]:
        """Return what an instant query finds; raises for a query that Prometheus refuses."""
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/api/v1/query", params={"query": query})
        except httpx.TransportError:
            return []
        body = answer.json()
        assert body["status"] == "success", f"{query}: {body.get('error')}"
        found: list[Any] = body["data"]["result"]
        return found

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


async def publish_samples(chain: Deployment) -> None:
    async for _, outcome in publish_paths(chain.settings, page_files([SAMPLES])):
        assert isinstance(outcome, Published)


@pytest.fixture
async def working_chain(kafka: Kafka, tmp_path: Path) -> AsyncIterator[Deployment]:
    """The whole chain, with the demo's pages through it."""
    with serving(page_files([SAMPLES])) as server:
        environment = {
            "ISOWIRE_SOURCES_FILE": str(write_sources(server, tmp_path)),
            "ISOWIRE_RULES_FILE": str(DEFAULT_RULES_FILE),
            "ISOWIRE_PUSH_TOKEN": "a-token-for-this-test-alone",
            "ISOWIRE_PUSH_PORT": "0",
            "ISOWIRE_API_PORT": "0",
            "ISOWIRE_TOPIC_PREFIX": "monitoring.",
        }
        ports = free_ports(len(process_names(1)))
        async with deployed(kafka.address, 1, ports, environment, tmp_path) as deployment:
            async with tracking(deployment.settings) as tracker, asyncio.timeout(THROUGH_SECONDS):
                while not await tracker.settled(server.page_count):
                    await tracker.poll()
            yield deployment


async def test_every_query_of_dashboards_and_rules_returns_data(
    working_chain: Deployment, prometheus_binary: str, tmp_path: Path
) -> None:
    targets = tmp_path / "targets.json"
    write_targets(working_chain.supervisor.services, targets)
    queries = {*dashboard_queries(), *rules("record")}
    queries |= {s for expression in rules("alert") for s in series(expression)}
    assert len(queries) > 40
    prometheus = Prometheus(prometheus_binary, tmp_path, targets)
    try:
        without = queries
        deadline = time.monotonic() + DATA_SECONDS
        while without and time.monotonic() < deadline:
            await publish_samples(working_chain)  # a rate needs something that goes on
            await asyncio.sleep(1)
            without = {query for query in without if not prometheus.result(query)}
        assert not without
        assert not prometheus.result('up{job="isowire"} == 0')
    finally:
        prometheus.stop()


def test_promtool_accepts_the_rules_and_their_tests() -> None:
    promtool = shutil.which("promtool") or missing("promtool is not installed", "ISOWIRE_REQUIRE_PROMETHEUS")
    told = subprocess.run(
        [promtool, "test", "rules", "tests/alerts.yml"],
        cwd=DEPLOY / "prometheus",
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_every_alert_rule_has_a_test() -> None:
    text = (DEPLOY / "prometheus" / "rules" / "alerts.yml").read_text()
    tested = (DEPLOY / "prometheus" / "tests" / "alerts.yml").read_text()
    names = re.findall(r"alert: (\w+)", text)
    assert len(names) > 5
    assert [name for name in names if f"alertname: {name}" not in tested] == []
