"""`isowire dead-letters list|show|redrive`: what no stage could take."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated, Any

import orjson
import typer

from schemas.headers import get
from schemas.operations import DeadLetter
from services.cli.console import err, out, told_errors
from services.runtime.dead_letters import (
    MAX_ROUNDS,
    Found,
    Place,
    list_dead_letters,
    redrive,
    show_dead_letter,
)
from services.runtime.settings import KafkaSettings

app = typer.Typer(help="Records that no stage could take.", no_args_is_help=True)

Stage = Annotated[str | None, typer.Option(help="Only those of this stage.")]
Reason = Annotated[str | None, typer.Option(help="Only those with this reason.")]
PlaceText = Annotated[str, typer.Argument(help="As `list` prints it: partition-offset.")]


@app.command("list")
def list_(
    stage: Stage = None,
    reason: Reason = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the dead letters that have not been put back."""
    with told_errors():
        for found in asyncio.run(list_dead_letters(KafkaSettings(), stage=stage, reason=reason)):
            told = _told(found)
            line = orjson.dumps(told).decode() if as_json else "  ".join(str(v) for v in told.values())
            out.print(line, markup=False)


@app.command()
def show(
    place: PlaceText,
    *,
    value: Annotated[bool, typer.Option("--value", help="The original bytes alone, for a file.")] = False,
) -> None:
    """Show one dead letter with its original headers."""
    with told_errors():
        letter = asyncio.run(show_dead_letter(KafkaSettings(), Place.parse(place)))
    if value:
        sys.stdout.buffer.write(letter.value or b"")
        return
    told = letter.model_dump(mode="json", exclude={"key", "value", "headers"})
    told["key"] = (letter.key or b"").decode("utf-8", "replace")
    told["value_bytes"] = len(letter.value or b"")
    told["headers"] = {name: data.decode("utf-8", "replace") for name, data in letter.headers}
    out.print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode(), markup=False)


@app.command("redrive")
def redrive_(
    places: Annotated[list[str] | None, typer.Argument(help="partition-offset, several allowed.")] = None,
    stage: Stage = None,
    reason: Reason = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that the options let through.")] = False,
    max_rounds: Annotated[int, typer.Option(help="Those put back so often already stay.")] = MAX_ROUNDS,
) -> None:
    """Put dead letters back into the topic that they came from."""
    if not places and not everything:
        raise typer.BadParameter("name places, or say --all (with --stage and --reason to narrow it)")
    with told_errors():
        letters = asyncio.run(list_dead_letters(KafkaSettings(), stage=stage, reason=reason))
        if places:
            letters = _chosen(letters, places)
        result = asyncio.run(redrive(KafkaSettings(), letters, max_rounds=max_rounds))
    out.print(f"{len(result.put_back)} put back")
    if result.refused:
        err.print(f"{len(result.refused)} stay: put back {max_rounds} times already")
        raise typer.Exit(1)


def _chosen(letters: list[Found], places: list[str]) -> list[Found]:
    wanted = {Place.parse(place) for place in places}
    missing = wanted - {found.place for found in letters}
    if missing:
        raise ValueError(f"no dead letter at {', '.join(map(str, sorted(missing)))}")
    return [found for found in letters if found.place in wanted]


def _told(found: Found) -> dict[str, Any]:
    letter: DeadLetter = found.letter
    return {
        "place": str(found.place),
        "failed_at": letter.failed_at.isoformat(timespec="seconds"),
        "stage": letter.stage,
        "reason": letter.reason,
        "rounds": letter.rounds,
        "url": get(letter.headers, "ce_url"),
        "detail": letter.detail,
    }
