"""How the commands talk to a person: one console, progress where something takes long, errors in one line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import typer
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from rich.text import Text

from services.runtime.broker import BrokerError
from services.runtime.broker import Progress as Report

# Results go to stdout, for pipes; everything that only tells how it goes goes to stderr.
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def download_progress() -> Iterator[Report]:
    """Show a bar from the first report on; yields the function that takes the reports."""
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn()
    with Progress(*columns, console=err, transient=True) as progress:
        task = None

        def report(what: str, done: int, total: int) -> None:
            nonlocal task
            if task is None:
                task = progress.add_task(what, total=total)
            progress.update(task, description=what, completed=done, total=total)

        yield report


@contextlib.contextmanager
def told_errors() -> Iterator[None]:
    """Turn what a user can mend into one line and exit status 1."""
    try:
        yield
    except (BrokerError, KafkaError, LookupError, OSError, ValueError) as error:
        err.print(Text.assemble(("error: ", "red"), str(error)))
        raise typer.Exit(1) from error
