"""Stops a broker when its user is gone, however that ended: for tests, measurements and demonstrations.

The guard is a process of its own that waits for the end of a pipe that only the user's process holds open.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GUARD = "import sys; sys.stdin.read(); from services.runtime.broker.guard import stop; stop(sys.argv[1])"


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """Have the broker of `folder` stopped at the end of the block, or of this process if it is killed."""
    command = [sys.executable, "-c", GUARD, str(folder)]
    guard = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - our own
    try:
        yield
    finally:
        guard.communicate()


def stop(folder: str) -> None:
    """Stop the broker of a folder, if one runs."""
    from services.runtime.broker import BrokerSettings, EmbeddedBroker  # noqa: PLC0415 - the guard waits small

    EmbeddedBroker(BrokerSettings(folder=Path(folder))).stop()
