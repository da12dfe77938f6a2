"""The catalogue: names are API, labels are closed."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from services.runtime import metrics
from services.runtime.instruments import (
    AlertMetrics,
    DeliveryMetrics,
    PipelineMetrics,
    PushMetrics,
    SourceMetrics,
    StreamMetrics,
    TallyMetrics,
)


@pytest.fixture
def registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    PipelineMetrics(registry, "clean", ["spam"])
    PipelineMetrics(registry, "extract")
    TallyMetrics(
        registry,
        {"repairs": ["pinyin"], "removals": ["chrome"], "doubts": ["short"], "revisions": ["first"]},
    )
    SourceMetrics(registry, "feed")
    PushMetrics(registry)
    AlertMetrics(registry, ["funding"], ["desk"])
    DeliveryMetrics(registry, "webhook")
    StreamMetrics(registry)
    return registry


@pytest.mark.parametrize("metric", metrics.CATALOGUE, ids=lambda metric: metric.name)
def test_names_and_sentences(metric: metrics.Metric) -> None:
    assert metric.name.startswith("isowire_")
    assert metric.name.endswith("_total") is isinstance(metric, metrics.CounterMetric)
    assert metric.sentence.endswith(".")
    if metric.unit in ("seconds", "bytes"):
        assert metric.unit in metric.name
    assert all(label.closed_by for label in metric.labels)


def test_names_are_unique() -> None:
    assert len({metric.name for metric in metrics.CATALOGUE}) == len(metrics.CATALOGUE)


def test_every_metric_has_an_instrument(registry: CollectorRegistry) -> None:
    shown = generate_latest(registry).decode()
    missing = [metric.name for metric in metrics.CATALOGUE if f"# HELP {metric.name} " not in shown]
    assert missing == []


def test_children_are_there_before_anything_happens(registry: CollectorRegistry) -> None:
    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, labels)

    assert value("isowire_dead_letters_total", stage="clean", reason="timeout") == 0
    assert value("isowire_dead_letters_total", stage="clean", reason="spam") == 0
    assert value("isowire_repairs_total", kind="pinyin") == 0
    assert value("isowire_source_polls_total", source="feed", outcome="new") == 0
    assert value("isowire_alerts_total", rule="funding", severity="critical") == 0
    assert value("isowire_deliveries_total", target="webhook", outcome="failed") == 0


def test_a_value_outside_the_set_is_other(registry: CollectorRegistry) -> None:
    PipelineMetrics(registry, "clean", ["spam"]).dead_letters["http://example.org/7"].inc()
    TallyMetrics(registry, {"repairs": ["pinyin"]}).add({"repairs": {"pinyin": 3, "new": 2}})
    labels = {"stage": "clean", "reason": "other"}
    assert registry.get_sample_value("isowire_dead_letters_total", labels) == 1
    assert registry.get_sample_value("isowire_repairs_total", {"kind": "pinyin"}) == 3
    assert registry.get_sample_value("isowire_repairs_total", {"kind": "other"}) == 2


def test_two_registries_do_not_share() -> None:
    first, second = CollectorRegistry(), CollectorRegistry()
    PipelineMetrics(first, "clean").records_in.inc()
    PipelineMetrics(second, "clean")
    assert second.get_sample_value("isowire_records_in_total", {"stage": "clean"}) == 0
