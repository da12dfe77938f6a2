"""`isowire dev`: all services of the chain on this machine, on the embedded Kafka or on another."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from schemas.topics import subscription_topic
from services.alert.rules import DEFAULT_RULES_FILE, load_rules
from services.cli.alert_view import alert_lines
from services.cli.broker import broker
from services.cli.console import download_progress, err, out, told_errors
from services.cli.fleet import FIRST_OPS_PORT, fleet, process_names, write_targets
from services.cli.supervisor import Supervisor
from services.cli.tracker import tracking
from services.runtime.broker.config import default_folder
from services.runtime.kafka import ensure_topics
from services.runtime.settings import KafkaSettings

READY_SECONDS = 30.0


@dataclass(frozen=True)
class Deployment:
    """A running chain: how to reach its Kafka, and its processes."""

    settings: KafkaSettings
    supervisor: Supervisor


def dev(
    broker_address: Annotated[
        str | None, typer.Option("--broker", metavar="HOST:PORT", help="A Kafka that runs already.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes for each of clean, extract and alert.")] = 1,
    sources: Annotated[Path | None, typer.Option(help="The sources file.")] = None,
    rules: Annotated[Path, typer.Option(help="The rules file.")] = DEFAULT_RULES_FILE,
) -> None:
    """Run all services until Ctrl-C, and show alerts as they are raised."""
    environment = {"ISOWIRE_RULES_FILE": str(rules.absolute())}
    if sources:
        environment["ISOWIRE_SOURCES_FILE"] = str(sources.absolute())
    with told_errors(), _kafka(broker_address) as address:
        names = process_names(workers)
        ports = [FIRST_OPS_PORT + number for number in range(len(names))]
        asyncio.run(_dev(address, workers, ports, environment))


@contextlib.contextmanager
def _kafka(address: str | None) -> Iterator[str]:
    """Give the address of a Kafka: the one named, or the embedded one, stopped at the end if started here."""
    if address:
        yield address
        return
    own = broker()
    was_running = own.status() is not None
    with download_progress() as report:
        started = own.start(report)
    try:
        yield started.address
    finally:
        if not was_running:
            own.stop()


async def _dev(address: str, workers: int, ports: list[int], environment: dict[str, str]) -> None:
    state = default_folder().parent
    async with deployed(address, workers, ports, environment, state) as deployment:
        targets = state / "prometheus-targets.json"
        write_targets(deployment.supervisor.services, targets)
        for service in deployment.supervisor.services:
            err.print(f"{service.name:12} http://127.0.0.1:{service.ops_port}/metrics")
        err.print(f"Kafka at {address}, logs in {state / 'logs'}, Prometheus targets in {targets}")
        err.print("Ctrl-C stops everything")
        async with tracking(deployment.settings) as tracker:
            while True:
                for alert in await tracker.poll():
                    for line in alert_lines(alert):
                        out.print(line)


@contextlib.asynccontextmanager
async def deployed(
    address: str, workers: int, ports: list[int], environment: dict[str, str], state: Path
) -> AsyncIterator[Deployment]:
    """Run the chain on a Kafka while the context is open; SIGTERM and Ctrl-C cancel what is inside."""
    settings = KafkaSettings(
        bootstrap_servers=address, topic_prefix=environment.get("ISOWIRE_TOPIC_PREFIX", "")
    )
    with _signals_cancel():
        rules = load_rules(Path(environment["ISOWIRE_RULES_FILE"]))
        await ensure_topics(settings, [subscription_topic(s.id) for s in rules.subscriptions])
        shared = {"ISOWIRE_BOOTSTRAP_SERVERS": address, **environment}
        supervisor = Supervisor(state / "logs")
        ingest, *stages = fleet(workers, ports, shared)
        try:
            err.print("starting the services …")
            # Ingest comes last, so that no page waits for a stage that still loads its lexicons.
            await supervisor.start(stages)
            await supervisor.until_ready(READY_SECONDS)
            await supervisor.start([ingest])
            yield Deployment(settings, supervisor)
        except asyncio.CancelledError:
            err.print("stopping …")
        finally:
            await supervisor.stop()


@contextlib.contextmanager
def _signals_cancel() -> Iterator[None]:
    """Let SIGINT and SIGTERM cancel the current task, once."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    numbers = signal.SIGINT, signal.SIGTERM
    for number in numbers:
        loop.add_signal_handler(number, task.cancel if task else lambda: None)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
