"""One client of the stream: from where it stands, every record once, in the order of each partition."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from services.deliver.cursor import Positions, write_cursor
from services.deliver.feed import AlertFeed
from services.deliver.records import Kind, Told, Wanted


@dataclass(frozen=True)
class Event:
    """What goes to a client: an alert or, without one, the place that it has come to."""

    cursor: str
    kind: Kind | None = None
    told: Told | None = None


class Follower:
    """Reads on for one client. Nothing is queued for it: it takes the next event when it can send it."""

    def __init__(self, feed: AlertFeed, start: Positions | None, wanted: Wanted, heartbeat: float) -> None:
        """Begin at `start`, or (None) with what comes next; `heartbeat` in s."""
        self._feed = feed
        self._wanted = wanted
        self._heartbeat = heartbeat
        self._positions = feed.positions.copy() if start is None else begin_at(start, feed.positions)
        self._number = feed.first_number

    async def events(self) -> AsyncGenerator[Event, None]:
        """Yield events until the feed is closed; the place alone first, and where nothing comes for long."""
        yield self._place()
        while not self._feed.closed:
            events = await self._behind() if self._feed.is_behind(self._positions) else self._at_hand()
            if events is None:
                self._positions = self._feed.positions.copy()
                if not await self._feed.news(self._heartbeat):
                    yield self._place()
                continue
            for event in events:
                yield event

    async def _behind(self) -> list[Event]:
        steps = await self._feed.read_behind(self._positions)
        self._number = self._feed.first_number
        taken = (self._take(step.kind, step.told, step.partition, step.next_offset) for step in steps)
        return [event for event in taken if event]

    def _at_hand(self) -> list[Event] | None:
        """Return the next events at hand; None where the client has had all records."""
        items = self._feed.after(self._number)
        if not items:
            return None
        self._number = items[-1].number + 1
        new = [item for item in items if item.told.offset >= self._positions[item.told.partition]]
        taken = (self._take(item.kind, item.told, item.told.partition, item.told.offset + 1) for item in new)
        return [event for event in taken if event]

    def _take(self, kind: Kind, told: Told | None, partition: int, next_offset: int) -> Event | None:
        self._positions[partition] = next_offset
        if told is None or kind is Kind.REPEAT or not self._wanted.takes(told.head):
            return None
        return Event(write_cursor(self._feed.name, self._positions), kind, told)

    def _place(self) -> Event:
        return Event(write_cursor(self._feed.name, self._positions))


def begin_at(given: Positions, ends: Positions) -> Positions:
    """Return where to begin in each partition of a topic.

    A partition that the client did not know yet is read from its start. So is one that ends before the place
    that the client names: the topic was made anew since.
    """
    known = {partition: given.get(partition, 0) for partition in ends}
    return {partition: offset if offset <= ends[partition] else 0 for partition, offset in known.items()}
