"""Liveness is progress: the states of a stage, and what its endpoints say."""

from __future__ import annotations

import socket

import httpx
import pytest
from prometheus_client import CollectorRegistry

from services.runtime.health import HealthState, ProgressHealth, ServiceHealth
from services.runtime.instruments import PipelineMetrics
from services.runtime.ops_http import ops_server

STARTING, HEALTHY, STALLED = HealthState.STARTING, HealthState.HEALTHY, HealthState.STALLED


@pytest.mark.parametrize(
    ("told", "state"),
    [
        pytest.param([], STARTING, id="nothing told yet"),
        pytest.param([(0, None, 0)], STARTING, id="no broker yet"),
        pytest.param([(0, 0, 0)], HEALTHY, id="nothing waits"),
        pytest.param([(0, 5, 0), (9, 5, 0)], HEALTHY, id="records wait, not long"),
        pytest.param([(0, 5, 0), (11, 5, 0)], STALLED, id="records wait, nothing moves"),
        pytest.param([(0, 5, 0), (11, 5, 1)], HEALTHY, id="the position moves"),
        pytest.param([(0, 5, 0), (9, 9, 1), (18, 9, 1)], HEALTHY, id="moved in time"),
        pytest.param([(0, 0, 0), (1000, 0, 0)], HEALTHY, id="idle for long"),
        pytest.param([(0, 0, 0), (1000, 0, 0), (1009, 5, 0)], HEALTHY, id="the wait starts when work comes"),
        pytest.param([(0, 5, 0), (11, 5, 0), (12, 5, 1)], HEALTHY, id="recovers by moving"),
        pytest.param([(0, 5, 0), (11, 5, 0), (12, 0, 0)], HEALTHY, id="recovers by having nothing to do"),
        pytest.param([(0, 5, 0), (11, None, 0)], STALLED, id="the broker stays silent"),
        pytest.param([(11, None, 0)], STALLED, id="the broker was never there"),
    ],
)
def test_states(told: list[tuple[float, int | None, int]], state: HealthState) -> None:
    health = ProgressHealth(stall_seconds=10, exit_seconds=5, now=0)
    for now, lag, position in told:
        health.observe(lag, position, now)
    assert health.state is state
    assert health.live().ok is (state is not STALLED)
    assert health.ready().ok is (state is HEALTHY)


def test_hopeless_only_after_a_while() -> None:
    health = ProgressHealth(stall_seconds=10, exit_seconds=5, now=0)
    hopeless = []
    for now in (0, 9, 14, 15):
        health.observe(3, 0, now)
        hopeless.append(health.hopeless)
    assert hopeless == [False, False, False, True]
    assert health.live().detail == "stalled for 15 s: 3 records wait"


def test_a_stopping_stage_lives_but_is_not_ready() -> None:
    health = ProgressHealth(stall_seconds=10, exit_seconds=5, now=0)
    health.observe(0, 0, 0)
    health.stop()
    health.observe(5, 0, 100)
    assert (health.live().ok, health.ready().ok, health.hopeless) == (True, False, False)


async def test_endpoints() -> None:
    registry, health = CollectorRegistry(), ServiceHealth()
    PipelineMetrics(registry, "clean").records_in.inc(3)
    async with ops_server(registry, health, host="127.0.0.1", port=0) as port, httpx.AsyncClient() as client:
        base = f"http://127.0.0.1:{port}"
        assert 'isowire_records_in_total{stage="clean"} 3.0' in (await client.get(f"{base}/metrics")).text
        assert (await client.get(f"{base}/healthz")).status_code == 200
        assert (await client.get(f"{base}/readyz")).status_code == 503
        health.set_ready(ok=True)
        assert (await client.get(f"{base}/readyz")).json() == {"ok": True, "detail": "ready"}
        health.set_live(ok=False, detail="the disk is full")
        answer = await client.get(f"{base}/healthz")
        assert (answer.status_code, answer.json()["detail"]) == (503, "the disk is full")
        assert (await client.get(f"{base}/readyz")).status_code == 503


async def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            async with ops_server(CollectorRegistry(), ServiceHealth(), host="127.0.0.1", port=port):
                pass
