"""`isowire run SERVICE` and `isowire health`: one service, and whether it is well."""

from __future__ import annotations

import urllib.error
import urllib.request
from enum import StrEnum
from typing import Annotated

import typer

from services.cli.console import err, out, told_errors


class ServiceName(StrEnum):
    """What `isowire run` can run."""

    INGEST = "ingest"
    CLEAN = "clean"
    EXTRACT = "extract"
    ALERT = "alert"
    DELIVER = "deliver"


def run(service: Annotated[ServiceName, typer.Argument(help="Which service.")]) -> None:
    """Run one service until SIGTERM or Ctrl-C. Settings come from the environment (docs/operations.md)."""
    with told_errors():
        raise typer.Exit(_run(service))


def _run(service: ServiceName) -> int:
    """Load what the service needs, and only that; return the exit status."""
    match service:
        case ServiceName.CLEAN | ServiceName.EXTRACT:
            from services.runtime.service import run_stage

            return run_stage(f"services.{service}.stage:STAGE")
        case ServiceName.INGEST:
            from services.ingest.service import run as run_ingest
            from services.ingest.settings import IngestSettings

            run_ingest(IngestSettings())
            return 0
        case ServiceName.ALERT:
            from services.alert.service import run as run_alert
            from services.alert.settings import AlertSettings

            return run_alert(AlertSettings())
        case ServiceName.DELIVER:
            from services.deliver.service import run as run_deliver
            from services.deliver.settings import DeliverSettings

            return run_deliver(DeliverSettings())


def health(
    port: Annotated[int, typer.Option(envvar="ISOWIRE_OPS_PORT", help="Its ops port.")] = 9464,
    *,
    ready: Annotated[bool, typer.Option("--ready", help="Ask whether it does its work now.")] = False,
) -> None:
    """Ask a service on this machine whether it is well; exit status 1 where it is not."""
    url = f"http://127.0.0.1:{port}/{'readyz' if ready else 'healthz'}"
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            out.print(answer.read().decode(), markup=False)
    except urllib.error.HTTPError as error:
        err.print(error.read().decode(), markup=False)
        raise typer.Exit(1) from error
    except OSError as error:
        err.print(f"nothing answers at {url}: {error}", markup=False)
        raise typer.Exit(1) from error
