"""The main of a stage's process: signals, the ops server, the runner; the exit code for the supervisor."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

import structlog
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from services.runtime.decisions import root_error
from services.runtime.log import configure_logging
from services.runtime.ops_http import ops_server
from services.runtime.runner import Runner
from services.runtime.settings import ServiceSettings

STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger(__name__)


def new_registry() -> CollectorRegistry:
    """Return a registry with the metrics of this process: memory, processor time, open files."""
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    return registry


def freeze_modules() -> None:
    """Let the collector pass over all that stays for good: walking it again would hold the loop up."""
    gc.collect()
    gc.freeze()


async def until_signal(serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Await `serve` with an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(stop)


def run_stage(reference: str, settings: ServiceSettings | None = None) -> int:
    """Run a stage, as `services.clean.stage:STAGE`, until a signal; return the exit code."""
    settings = settings or ServiceSettings()
    configure_logging(settings.log_level, service=reference.split(".")[-2])
    return exit_code(serve_stage(reference, settings))


def exit_code(serving: Coroutine[Any, Any, None]) -> int:
    """Run a service to its end and return the exit code: the last frame of a process says what ended it."""
    try:
        asyncio.run(serving)
    except Exception as error:
        reason = root_error(error)
        log.exception("service ended by an error", error=repr(reason), exc_info=reason)
        return 1
    return 0


async def serve_stage(reference: str, settings: ServiceSettings) -> None:
    """Run a stage until SIGTERM or SIGINT; raises what should end the process with an error."""
    registry = new_registry()
    runner = Runner(reference, settings, registry)
    freeze_modules()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, runner.stop)
    try:
        async with ops_server(
            registry, runner.health, host=settings.ops_host, port=settings.ops_port
        ) as port:
            stage = runner.stage
            log.info("stage starts", stage=stage.name, guarantee=stage.guarantee, ops_port=port)
            await runner.run()
            log.info("stage stopped", stage=stage.name)
    finally:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)
