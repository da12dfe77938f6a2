"""What a page gives to tell its metadata from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

HEAD_OF_BODY = 120


@dataclass(frozen=True)
class Evidence:
    """The repaired lines that tell of a page: `header` from above the body, `footer` from below it.

    `url`: the page's address, None where it is unknown or another's (copies on hijacked hosts).
    """

    headings: Sequence[str]
    header: Sequence[str]
    footer: Sequence[str]
    body: Sequence[str]
    meta: Mapping[str, str]
    fetched_at: datetime
    url: str | None = None

    @property
    def opening(self) -> str:
        """The head of the body, where the dateline stands."""
        return self.body[0][:HEAD_OF_BODY] if self.body else ""
