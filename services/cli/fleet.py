"""Which processes make up the chain, and where each can be watched."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from services.cli.supervisor import Service

SCALED = ("clean", "extract", "alert")  # these take `--workers`; of ingest and deliver one is enough
FIRST_OPS_PORT = 9464


def fleet(workers: int, ops_ports: Sequence[int], environment: dict[str, str]) -> list[Service]:
    """Return a service for each process; `ops_ports` has one for each, as `process_names` orders them."""
    return [
        Service(
            name,
            ["run", name.partition("-")[0]],
            environment | {"ISOWIRE_OPS_PORT": str(port)},
            ops_port=port,
        )
        for name, port in zip(process_names(workers), ops_ports, strict=True)
    ]


def process_names(workers: int) -> list[str]:
    """Return `ingest`, `clean-1` … in the order in which a page passes them."""
    scaled = [f"{stage}-{number}" for stage in SCALED for number in range(1, workers + 1)]
    return ["ingest", *scaled, "deliver"]


def free_ports(count: int) -> list[int]:
    """Return ports on 127.0.0.1 that are free at this moment, all different."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def write_targets(services: Sequence[Service], file: Path) -> None:
    """Write the addresses of all /metrics as a target file of Prometheus (`file_sd_configs`)."""
    file.write_text(json.dumps(list(_targets(services)), indent=1) + "\n", encoding="utf-8")


def _targets(services: Sequence[Service]) -> Iterator[dict[str, object]]:
    for service in services:
        address = f"127.0.0.1:{service.ops_port}"
        yield {"targets": [address], "labels": {"service": service.name.partition("-")[0]}}
