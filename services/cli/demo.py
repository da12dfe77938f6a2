"""`isowire demo`: the whole chain on this machine, fed with sample pages or the user's own."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from services.alert.rules import DEFAULT_RULES_FILE
from services.cli.alert_view import alert_lines
from services.cli.broker import broker
from services.cli.console import download_progress, err, out, told_errors
from services.cli.dev import deployed
from services.cli.fleet import free_ports, process_names
from services.cli.page_server import FEED_PATH, PageServer, serving
from services.cli.pages import page_files
from services.cli.summary import Summary
from services.cli.tracker import Passage, Tracker, tracking

SAMPLES = Path(__file__).parent / "data" / "demo"
PROGRESS_SECONDS = 5.0
# Without any page coming to its end for so long, the rest is taken for lost.
SILENCE_SECONDS = 60.0


def demo(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders of your own pages; sample pages else.")
    ] = None,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="End when all pages are through; 1 if one is lost.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes for each of clean, extract and alert.")] = 1,
) -> None:
    """Run the whole chain on a Kafka of its own and show alerts as they are raised. Ctrl-C ends it."""
    files = page_files(paths or [SAMPLES])
    with told_errors(), tempfile.TemporaryDirectory(prefix="isowire-demo-") as folder:
        complete = _on_own_kafka(files, Path(folder), once=once, workers=workers)
    if not complete:
        raise typer.Exit(1)


def _on_own_kafka(files: Sequence[Path], folder: Path, *, once: bool, workers: int) -> bool:
    err.print("starting Apache Kafka (fetched once, the first time) …")
    own = broker(folder / "kafka", port=0)
    try:
        with download_progress() as report:
            address = own.start(report).address
        with serving(files) as server:
            return asyncio.run(_run(server, address, folder, once=once, workers=workers))
    except KeyboardInterrupt:
        return not once
    finally:
        own.stop()


async def _run(server: PageServer, address: str, folder: Path, *, once: bool, workers: int) -> bool:
    environment = {
        "ISOWIRE_SOURCES_FILE": str(write_sources(server, folder)),
        "ISOWIRE_RULES_FILE": str(DEFAULT_RULES_FILE),
        "ISOWIRE_API_PORT": "0",
    }
    ports = free_ports(len(process_names(workers)))
    async with deployed(address, workers, ports, environment, folder) as deployment:
        err.print(f"{server.page_count} pages at {server.address}{FEED_PATH}")
        async with tracking(deployment.settings) as tracker:
            follower = Follower(tracker, server.page_count)
            if not once:
                err.print("Ctrl-C stops everything")
                await follower.follow_for_ever()
            complete = await follower.follow_to_the_end()
            Summary.of(tracker.passage, server.page_count, follower.seconds).print()
            if not complete:
                _tell_where_to_look(tracker.passage, folder)
            return complete
    return not once


class Follower:
    """Shows alerts and, from time to time, how far the pages are."""

    def __init__(self, tracker: Tracker, expected: int) -> None:
        self._tracker = tracker
        self._expected = expected
        self._shown = time.monotonic()
        self._first_page: float | None = None
        self._moved = time.monotonic()
        self._ended = 0

    @property
    def seconds(self) -> float:
        """Seconds from the first page in to the last that came to an end."""
        return self._moved - (self._first_page or self._moved)

    async def follow_for_ever(self) -> None:
        """Show what comes, until cancelled."""
        while True:
            await self._step()

    async def follow_to_the_end(self) -> bool:
        """Show what comes until all pages are through; False where some never come."""
        while not await self._tracker.settled(self._expected):
            await self._step()
            if time.monotonic() - self._moved > SILENCE_SECONDS:
                return False
        await self._step()
        return True

    async def _step(self) -> None:
        for alert in await self._tracker.poll():
            for line in alert_lines(alert):
                out.print(line)
        now, passage = time.monotonic(), self._tracker.passage
        if passage.published and self._first_page is None:
            self._first_page = now
        ended = len(passage.extracted) + len(passage.dead) + len(passage.alerts)
        if ended != self._ended:
            self._ended, self._moved = ended, now
        if now - self._shown > PROGRESS_SECONDS and passage.under_way:
            self._shown = now
            done = len(passage.published) - len(passage.under_way)
            err.print(
                f"… {done} of {self._expected} pages through, {len(passage.alerts)} alerts", style="dim"
            )


def write_sources(server: PageServer, folder: Path) -> Path:
    """Write the sources file that has ingest poll the page server; return its path."""
    file = folder / "sources.yaml"
    file.write_text(
        "sources:\n"
        "  - id: demo\n"
        "    kind: feed\n"
        f"    url: {server.address}{FEED_PATH}\n"
        "    interval: 5s\n"
        "    host_delay: 0s\n"
        "    allow_private_addresses: true\n",
        encoding="utf-8",
    )
    return file


def _tell_where_to_look(passage: Passage, folder: Path) -> None:
    reasons = Counter(passage.dead.values())
    err.print(
        f"[red]{len(passage.under_way)} pages did not come to an end[/red] (dead letters: {dict(reasons)})"
    )
    for log in sorted((folder / "logs").glob("*.log")):
        last = log.read_text(errors="replace").splitlines()[-5:]
        err.print(f"{log.stem}:\n" + "\n".join(f"  {line}" for line in last), markup=False)
