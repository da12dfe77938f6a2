"""The alert service: matching and stories in one process, the rules file that both follow, the ops server.

`run` is the main of the process. The match runner and the Faust application share its loop; each takes its
share of its own topic's partitions, so one process or many do the same work. The pure matching runs in the
runner's worker process, which looks at the rules file by itself.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable
from typing import Final, NoReturn

import structlog

from schemas.alert import Severity
from schemas.topics import ALERT, DEAD_LETTER, EXTRACTED, OCCURRENCE, OPS_ALERT, subscription_topic
from services.alert.accounting import NAME, Accounts
from services.alert.app import StoryApp
from services.alert.ops import ops_message, tell_operators
from services.alert.rules import POLL_SECONDS, RuleBook, RulesError
from services.alert.settings import AlertSettings
from services.alert.state import ensure_state
from services.alert.table import changelog_topic
from services.runtime.health import Health, Verdict
from services.runtime.kafka import ensure_topics, partitions_of
from services.runtime.log import configure_logging
from services.runtime.ops_http import ops_server
from services.runtime.runner import Runner
from services.runtime.service import STOP_SIGNALS, exit_code, freeze_modules, new_registry

MATCH_STAGE: Final = "services.alert.stage:STAGE"

log = structlog.get_logger(__name__)


def run(settings: AlertSettings | None = None) -> int:
    """Run the service until a signal; return the exit code: 2 for a rules file that is refused."""
    settings = settings or AlertSettings()
    configure_logging(settings.log_level, service=NAME)
    for noisy in ("faust", "mode"):  # they tell the course of every rebalance
        logging.getLogger(noisy).setLevel(logging.DEBUG if settings.log_level == "debug" else logging.WARNING)
    try:
        book = RuleBook(settings.rules_file)
    except (RulesError, OSError) as error:
        log.error("rules file refused", reason=str(error))  # noqa: TRY400 - the operator's to mend
        return 2
    return exit_code(serve(settings, book))


async def serve(settings: AlertSettings, book: RuleBook) -> None:
    """Run the service until SIGTERM or SIGINT; raises what should end the process with an error."""
    os.environ["ISOWIRE_RULES_FILE"] = str(settings.rules_file)  # the worker process reads the same file
    registry = new_registry()
    runner = Runner(MATCH_STAGE, settings, registry)
    partitions = await _prepare(settings, book)
    accounts = Accounts(registry, book.current)
    app = StoryApp(settings, book, accounts, partitions)
    freeze_modules()

    def stop() -> None:
        runner.stop()
        app.stop()

    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
    health = Both(runner.health, app.health)
    async with ops_server(registry, health, host=settings.ops_host, port=settings.ops_port) as port:
        log.info("service starts", rules=len(book.current.rules), ops_port=port)
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(_follow_rules(settings, book, accounts))
            working = [tasks.create_task(runner.run()), tasks.create_task(app.run())]
            await asyncio.gather(*working)
            watching.cancel()
        log.info("service stopped")


async def _prepare(settings: AlertSettings, book: RuleBook) -> int:
    """Create the topics that are missing and check the state; return the partitions of `occurrence`."""
    subscribed = [subscription_topic(s.id) for s in book.current.subscriptions]
    await ensure_topics(settings, subscribed, topics=(EXTRACTED, OCCURRENCE, ALERT, OPS_ALERT, DEAD_LETTER))
    partitions = len(await partitions_of(settings, settings.topic(OCCURRENCE.name)))
    changelog = changelog_topic(settings.group(NAME).removeprefix(settings.topic_prefix), partitions)
    await ensure_topics(settings, topics=(changelog,))
    await ensure_state(settings, settings.group(NAME), settings.topic(changelog.name), partitions)
    return partitions


async def _follow_rules(settings: AlertSettings, book: RuleBook, accounts: Accounts) -> NoReturn:
    """Take over the rules file when it changes; say on `ops-alert` that it was refused, or is well again."""
    told = False
    while True:
        await asyncio.sleep(POLL_SECONDS)
        try:
            if (rules := book.look()) is None:
                continue
        except (RulesError, OSError) as error:
            accounts.reloaded(accepted=False)
            log.error("rules file refused, the old rules stay", reason=str(error))  # noqa: TRY400
            told = True
            await _tell(settings, Severity.WARNING, f"refused, the old rules stay: {error}")
            continue
        await ensure_topics(settings, topics=[subscription_topic(s.id) for s in rules.subscriptions])
        book.current = rules
        accounts.rules_changed(rules)
        accounts.reloaded(accepted=True)
        log.info("rules reloaded", rules=len(rules.rules))
        if told:
            told = False
            await _tell(settings, Severity.INFO, "accepted again", resolved=True)


async def _tell(settings: AlertSettings, severity: Severity, what: str, *, resolved: bool = False) -> None:
    subject = "alert/rules-file"
    summary = f"rules file {what}"
    message = ops_message(settings, subject=subject, severity=severity, summary=summary, resolved=resolved)
    await tell_operators(settings, message)


class Both(Health):
    """The health of two parts of a process: well where both are."""

    def __init__(self, *parts: Health) -> None:
        self._parts = parts

    def live(self) -> Verdict:
        """Return whether all go on living."""
        return _all(part.live() for part in self._parts)

    def ready(self) -> Verdict:
        """Return whether all do their work."""
        return _all(part.ready() for part in self._parts)


def _all(verdicts: Iterable[Verdict]) -> Verdict:
    found = list(verdicts)
    return Verdict(all(v.ok for v in found), "; ".join(v.detail for v in found))
