"""The `isowire` command: every task of a user and of an operator."""

from __future__ import annotations

import typer

from services.cli import broker, dead_letters, demo, dev, offline, publish, run, topics
from services.cli.explain.command import explain_files
from services.runtime.log import configure_logging

app = typer.Typer(
    help="A newswire for the isotope world: pages in, evidence-backed alerts out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ON_FILES, CHAIN, OPERATION = "On files, without a broker", "The chain", "Looking after it"
app.command("extract", rich_help_panel=ON_FILES)(offline.extract_files)
app.command("explain", rich_help_panel=ON_FILES)(explain_files)
app.command("clean", rich_help_panel=ON_FILES)(offline.clean_files)
app.command("demo", rich_help_panel=CHAIN)(demo.demo)
app.command("dev", rich_help_panel=CHAIN)(dev.dev)
app.command("run", rich_help_panel=CHAIN)(run.run)
app.command("publish", rich_help_panel=CHAIN)(publish.publish)
app.command("tail", rich_help_panel=CHAIN)(topics.tail)
app.command("health", rich_help_panel=OPERATION)(run.health)
app.add_typer(broker.app, name="broker", rich_help_panel=OPERATION)
app.add_typer(topics.app, name="topics", rich_help_panel=OPERATION)
app.add_typer(dead_letters.app, name="dead-letters", rich_help_panel=OPERATION)


@app.callback()
def quiet() -> None:
    """Keep libraries' logs out of the commands' output; a service that is run sets up its own."""
    configure_logging("error")


if __name__ == "__main__":
    app()
