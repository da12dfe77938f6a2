"""Bad input is an outcome, not an exception."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rejected:
    """What a stage's function returns for input that it cannot take. It goes to `dead-letter`.

    `reason` is a metric label and comes from a small closed set (snake_case); `detail` is for people.
    """

    reason: str
    detail: str | None = None
