"""`isowire broker start|stop|status`: the embedded Kafka."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from services.cli.console import download_progress, err, out, told_errors
from services.runtime.broker import BrokerSettings, BrokerStatus, EmbeddedBroker

app = typer.Typer(help="The embedded Apache Kafka.", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option(help="Its data, log and pid file.", show_default="the user's data")
]
Port = Annotated[int | None, typer.Option(help="Port on 127.0.0.1; 0 for any free one.", show_default="9092")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def broker(folder: Path | None = None, port: int | None = None) -> EmbeddedBroker:
    """Return the broker of a folder; what is not given comes from the environment."""
    given: dict[str, Any] = {"folder": folder, "port": port}
    return EmbeddedBroker(BrokerSettings(**{k: v for k, v in given.items() if v is not None}))


@app.command()
def start(folder: Folder = None, port: Port = None, *, as_json: AsJson = False) -> None:
    """Start it, or find it running. The first start fetches Kafka, once."""
    with told_errors(), download_progress() as report:
        _show(broker(folder, port).start(report), as_json=as_json)


@app.command()
def stop(folder: Folder = None) -> None:
    """Stop it. Its data stays."""
    with told_errors():
        err.print("stopped" if broker(folder).stop() else "no broker was running")


@app.command()
def status(folder: Folder = None, *, as_json: AsJson = False) -> None:
    """Say where it runs; exit status 1 where it does not."""
    found = broker(folder).status()
    if found is None:
        out.print("null" if as_json else "not running")
        raise typer.Exit(1)
    _show(found, as_json=as_json)


def _show(found: BrokerStatus, *, as_json: bool) -> None:
    if as_json:
        out.print(orjson.dumps(dataclasses.asdict(found), default=str).decode(), markup=False)
        return
    memory = found.memory / 1024 / 1024
    out.print(f"Apache Kafka at {found.address} (pid {found.pid}, {memory:.0f} MiB), log {found.log}")
