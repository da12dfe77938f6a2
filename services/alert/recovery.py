"""A lost wake-up in Faust's recovery, mended from outside.

`Recovery._slurp_changelogs` sets `signal_recovery_end` and clears it again at its next turn. A changelog that
is read before `_restart_recovery` has come to wait for the signal would leave it waiting for ever (read in
Faust 0.15.3, not seen to happen).
"""

from __future__ import annotations

from typing import Any


def wake_forgotten_recovery(recovery: Any) -> bool:
    """Wake a recovery that waits although all has been read; returns whether there was one."""
    ended = recovery.signal_recovery_end
    forgotten = bool(ended._waiters) and not recovery.in_recovery and not recovery.need_recovery()  # noqa: SLF001
    if forgotten:
        ended.set()  # wakes who waits now
        ended.clear()  # and nobody who comes later
    return forgotten
