"""Liveness is progress: healthy while nothing waits or the position moves.

    STARTING ──lag known──► HEALTHY ──records wait, nothing moved for `stall_seconds`──► STALLED
                               ▲                                                            │
                               └──────────── the position moves, or nothing waits ──────────┘
    any ──stop──► STOPPING

A stage that stays STALLED for `exit_seconds` ends itself with an error, for its supervisor to start it anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class HealthState(StrEnum):
    """Where a service stands."""

    STARTING = "starting"
    HEALTHY = "healthy"
    STALLED = "stalled"
    STOPPING = "stopping"


@dataclass(frozen=True)
class Verdict:
    """Whether it is well, and what to tell an operator."""

    ok: bool
    detail: str


class Health(Protocol):
    """What /healthz and /readyz ask."""

    def live(self) -> Verdict:
        """Whether the process should go on living."""

    def ready(self) -> Verdict:
        """Whether it does its work now."""


class ServiceHealth:
    """The health of a service without a position: it says itself when it is ready and when it fails."""

    def __init__(self) -> None:
        self._ready = Verdict(ok=False, detail="starting")
        self._live = Verdict(ok=True, detail="alive")

    def set_ready(self, *, ok: bool, detail: str = "") -> None:
        """Say whether it does its work."""
        self._ready = Verdict(ok, detail or ("ready" if ok else "not ready"))

    def set_live(self, *, ok: bool, detail: str = "") -> None:
        """Say whether it should go on living."""
        self._live = Verdict(ok, detail or ("alive" if ok else "failing"))

    def live(self) -> Verdict:
        """Return what was said last."""
        return self._live

    def ready(self) -> Verdict:
        """Return what was said last."""
        return self._ready if self._live.ok else self._live


class ProgressHealth:
    """The health of a stage. Times are those of a monotonic clock, in seconds."""

    def __init__(self, stall_seconds: float, exit_seconds: float, now: float) -> None:
        self._stall_seconds = stall_seconds
        self._exit_seconds = exit_seconds
        self._moved_at = now
        self._position: object = None
        self._lag: int | None = 0
        self._now = now
        self.state = HealthState.STARTING

    def observe(self, lag: int | None, position: object, now: float) -> HealthState:
        """Take note of the lag and of anything that changes whenever the position moves.

        A lag of None, which nobody can tell because no broker answers, is none that is gone.
        """
        if lag == 0 or (self._position is not None and position != self._position):
            self._moved_at = now
        self._lag, self._position, self._now = lag, position, now
        if self.state is not HealthState.STOPPING:
            stalled = now - self._moved_at >= self._stall_seconds
            begun = self.state is not HealthState.STARTING or lag is not None
            calm = HealthState.HEALTHY if begun else HealthState.STARTING
            self.state = HealthState.STALLED if stalled else calm
        return self.state

    def stop(self) -> None:
        """Say that the stage is asked to end."""
        self.state = HealthState.STOPPING

    @property
    def hopeless(self) -> bool:
        """Whether it has been stalled for so long that only a new process may help."""
        stalled = self._now - self._moved_at - self._stall_seconds
        return self.state is HealthState.STALLED and stalled >= self._exit_seconds

    def live(self) -> Verdict:
        """Healthy unless it stalls."""
        waiting = "nobody knows how many" if self._lag is None else self._lag
        if self.state is HealthState.STALLED:
            still = self._now - self._moved_at
            return Verdict(ok=False, detail=f"stalled for {still:.0f} s: {waiting} records wait")
        return Verdict(ok=True, detail=f"{self.state}: {waiting} records wait")

    def ready(self) -> Verdict:
        """Ready once it has begun, until it stalls or stops."""
        return Verdict(ok=self.state is HealthState.HEALTHY, detail=self.live().detail)
