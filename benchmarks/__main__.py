"""`python -m benchmarks`: floor, chain, peers and latency in one run, and one table of them."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import chain, floor, latency
from benchmarks.pages import make_pages
from benchmarks.report import Report, to_markdown
from benchmarks.wire import create_topics, publish
from services.runtime.broker import BrokerSettings, EmbeddedBroker, guarded

PAGES = 4_000
TERMINATED = 128 + signal.SIGTERM
PEERS = ("quix", "quix-exactly-once", "faust")
RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> None:
    """Measure all, print the table and write it to RESULTS.md."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))  # so that all processes are ended
    logging.getLogger("aiokafka").setLevel(logging.ERROR)  # a new topic has no leader for a moment
    with tempfile.TemporaryDirectory(prefix="isowire-bench-") as folder:
        place = Path(folder) / "broker"
        with guarded(place):
            broker = EmbeddedBroker(BrokerSettings(folder=place, port=0))
            report = asyncio.run(_measure(broker, Path(folder), options.pages, options.peers))
    table = to_markdown(report)
    print(table)
    if options.write:
        RESULTS.write_text(table, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES, help="pages of the backlog")
    parser.add_argument("--peers", nargs="*", default=PEERS, choices=PEERS, help="frameworks beside ours")
    parser.add_argument("--write", action="store_true", help=f"write the table to {RESULTS.name}")
    return parser.parse_args()


async def _measure(broker: EmbeddedBroker, folder: Path, pages: int, peers: list[str]) -> Report:
    started = time.monotonic()

    def tell(what: str) -> None:
        print(f"[{time.monotonic() - started:4.0f} s] {what}", flush=True)

    tell("the floor")
    first_floor, expected = floor.measure(pages)
    status = broker.start()
    await create_topics(status.address, peers)
    tell(f"{pages} pages into raw-article")
    await publish(status.address, make_pages(pages))
    tell("the chain")
    ours = await chain.measure_isowire(status.address, status.pid, folder / "isowire", expected)
    others = {}
    for peer in peers:
        tell(peer)
        others[peer] = await chain.measure_peer(peer, status.address, status.pid, folder / peer, expected)
    tell(f"latency at {ours.rate / 2:.0f} articles/s")
    delays = await latency.measure(status.address, folder / "latency", ours.rate / 2)
    tell("the floor again")
    second_floor, _ = floor.measure(pages)
    return Report(pages, expected, (first_floor, second_floor), ours, others, delays)


if __name__ == "__main__":
    main()
