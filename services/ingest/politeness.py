"""One request at a time to a host, with a pause between two, and longer where the host asks for it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_HOSTS = 4096
MAX_RETRY_AFTER_S = 24 * 3600.0  # a host that asks for more is asked again after a day


class HostOnHoldError(Exception):
    """The host has asked to be left alone; `seconds` tells for how long yet."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} asked for a pause of {seconds:.0f} s more")
        self.seconds = seconds


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    held_until: float = 0.0


class HostGate:
    """Gives out turns, host by host. Times are those of the event loop."""

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    @asynccontextmanager
    async def turn(self, host: str, delay: float) -> AsyncIterator[None]:
        """Wait for a turn at `host`; the next one comes `delay` seconds after this has ended.

        Raises `HostOnHoldError` while the host has asked for a pause: nobody waits that long in line.
        """
        state = self._state(host)
        clock = asyncio.get_running_loop().time
        async with state.lock:
            if (left := state.held_until - clock()) > 0:
                raise HostOnHoldError(host, left)
            await asyncio.sleep(max(0.0, state.free_at - clock()))
            try:
                yield
            finally:
                state.free_at = clock() + delay

    def hold(self, host: str, seconds: float) -> None:
        """Give no turns at `host` for so long."""
        self._state(host).held_until = asyncio.get_running_loop().time() + min(seconds, MAX_RETRY_AFTER_S)

    def _state(self, host: str) -> _Host:
        state = self._hosts.setdefault(host, _Host())
        self._hosts.move_to_end(host)
        while len(self._hosts) > MAX_HOSTS and not next(iter(self._hosts.values())).lock.locked():
            self._hosts.popitem(last=False)
        return state


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3), or None."""
    if not value:
        return None
    if value.strip().isdigit():
        return min(float(value[:12]), MAX_RETRY_AFTER_S)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, (at - now).total_seconds()), MAX_RETRY_AFTER_S)
