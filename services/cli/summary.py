"""What became of the pages, in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.cli.console import out
from services.cli.tracker import Passage


@dataclass(frozen=True)
class Summary:
    """The figures at the end of a run; times in seconds, null where there was nothing to time."""

    expected: int
    pages_in: int
    cleaned: int
    rejected: dict[str, int]
    extracted: int
    alerts: int
    seconds: float
    p50: float | None
    p99: float | None

    @classmethod
    def of(cls, passage: Passage, expected: int, seconds: float) -> Summary:
        """Sum up what has been seen of the pages."""
        times = list(passage.seconds_to_alert.values())
        return cls(
            expected=expected,
            pages_in=len(passage.published),
            cleaned=len(passage.cleaned),
            rejected=dict(Counter(passage.dead.values()).most_common()),
            extracted=len(passage.extracted),
            alerts=len(passage.alerts),
            seconds=seconds,
            p50=quantile(times, 0.5),
            p99=quantile(times, 0.99),
        )

    @property
    def lost(self) -> int:
        """Pages that came to no end."""
        return self.expected - self.extracted - sum(self.rejected.values())

    def print(self) -> None:
        """Print the figures."""
        reasons = ", ".join(f"{reason} {count}" for reason, count in self.rejected.items())
        rate = self.extracted / self.seconds if self.seconds else 0.0
        out.print(f"pages in      {self.pages_in} of {self.expected}")
        out.print(f"cleaned       {self.cleaned}")
        out.print(f"rejected      {sum(self.rejected.values())}" + (f" ({reasons})" if reasons else ""))
        out.print(f"extracted     {self.extracted}")
        out.print(f"alerts        {self.alerts}")
        out.print(f"lost          {self.lost}")
        out.print(f"articles/s    {rate:.1f}")
        if self.p50 is not None and self.p99 is not None:
            out.print(f"fetch→alert   p50 {self.p50:.2f} s, p99 {self.p99:.2f} s")


def quantile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that at least `share` of all values do not exceed; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
