"""robots.txt (RFC 9309): read once an origin, kept for a day."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from protego import Protego

KEEP_S = 24 * 3600.0
KEEP_UNREACHABLE_S = 600.0  # a server in trouble is asked again soon; until then all of it is closed
MAX_ORIGINS = 2048
MAX_ROBOTS_BYTES = 512 * 1024  # RFC 9309 asks for at least 500 KiB
MAX_CRAWL_DELAY_S = 60.0

Failure = TypeVar("Failure")


@dataclass(frozen=True)
class Rules:
    """What an origin lets a robot do."""

    parsed: Protego | None
    closed: bool = False

    def allow(self, url: str, agent: str) -> bool:
        """Tell whether `url` may be fetched."""
        return not self.closed and (self.parsed is None or bool(self.parsed.can_fetch(url, agent)))

    def delay(self, agent: str) -> float:
        """Return the pause in seconds that the origin asks for, 0 for none."""
        asked = self.parsed.crawl_delay(agent) if self.parsed else None
        return min(float(asked or 0), MAX_CRAWL_DELAY_S)


OPEN = Rules(None)
CLOSED = Rules(None, closed=True)


def read_rules(status: int, body: bytes) -> Rules:
    """Return what the answer to a request for robots.txt means: 4xx is open, 5xx is closed."""
    if status == 200:  # noqa: PLR2004 - HTTP
        return Rules(Protego.parse(body.decode("utf-8", "replace")))
    return OPEN if 300 <= status < 500 and status != 429 else CLOSED  # noqa: PLR2004 - HTTP


class RobotsCache:
    """The rules of the origins met lately. `get` is asked for what is not known."""

    def __init__(self) -> None:
        self._rules: OrderedDict[str, tuple[float, Rules]] = OrderedDict()

    async def rules(self, origin: str, get: Callable[[str], Awaitable[Rules | Failure]]) -> Rules | Failure:
        """Return the rules of `origin` (`https://host:port`), or the failure of `get` to have them."""
        now = asyncio.get_running_loop().time()
        known = self._rules.get(origin)
        if known and known[0] > now:
            return known[1]
        found = await get(f"{origin}/robots.txt")
        if isinstance(found, Rules):
            self._rules[origin] = (now + (KEEP_UNREACHABLE_S if found.closed else KEEP_S), found)
            self._rules.move_to_end(origin)
            while len(self._rules) > MAX_ORIGINS:
                self._rules.popitem(last=False)
        return found
