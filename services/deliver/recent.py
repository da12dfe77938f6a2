"""The alerts as they stand now, newest first: what `GET /v1/alerts` lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.deliver.records import Head, Told, Wanted

SHARE_DROPPED = 10  # one in so many goes at a time: sorting for each single one would cost more
Place = tuple[datetime, str]


class RecentAlerts:
    """The last version of each alert, within a number of alerts and of bytes; the stalest go first."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._alerts: dict[str, tuple[Head, bytes]] = {}
        self._order: list[Place] | None = None

    def __len__(self) -> int:
        return len(self._alerts)

    def put(self, told: Told) -> None:
        """Take a new version of an alert in."""
        self.drop(told.head.id)
        self._alerts[told.head.id] = (told.head, told.value)
        self._bytes += len(told.value)
        self._order = None
        if len(self._alerts) > self._most or self._bytes > self._most_bytes:
            self._shrink()

    def drop(self, alert_id: str) -> None:
        """Forget an alert, where it is known."""
        known = self._alerts.pop(alert_id, None)
        if known:
            self._bytes -= len(known[1])
            self._order = None

    def get(self, alert_id: str) -> bytes | None:
        """Return the JSON of an alert."""
        known = self._alerts.get(alert_id)
        return known[1] if known else None

    def page(self, wanted: Wanted, limit: int, after: Place | None) -> tuple[list[bytes], Place | None]:
        """Return at most `limit` alerts that come after a place in the order, and the place to go on from."""
        found: list[bytes] = []
        last: Place | None = None
        for place in self._places(after):
            head, value = self._alerts[place[1]]
            if wanted.takes(head):
                if len(found) == limit:
                    return found, last
                found.append(value)
                last = place
        return found, None

    def _places(self, after: Place | None) -> Iterator[Place]:
        if self._order is None:
            self._order = sorted((_place(head) for head, _ in self._alerts.values()), reverse=True)
        return (place for place in self._order if after is None or place < after)

    def _shrink(self) -> None:
        stalest = sorted(_place(head) for head, _ in self._alerts.values())
        for _, alert_id in stalest[: max(1, len(stalest) // SHARE_DROPPED)]:
            self.drop(alert_id)


def _place(head: Head) -> Place:
    return head.moment, head.id
