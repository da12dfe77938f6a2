"""What stands around an article: menus, lists of related ones, comments, advertisements, notices.

The words are in `words/`, one file a language. Whatever is put on a page is remembered in `said`, so that
the gate can tell when it leaks into a body.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.cleaning.page import FETCHED

FOLDER = Path(__file__).parent / "words"
HOLE = re.compile(r"\{(\w+)\}")
DAYS = 400


@cache
def words(language: str) -> dict[str, Any]:
    """Return the words of a language, by what they are for."""
    content: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return content


@dataclass
class Furniture:
    """The furniture of one page, drawn by `rng` from the words of its language."""

    rng: random.Random
    language: str
    site: str
    said: list[str] = field(default_factory=list)

    def items(self, name: str, count: int) -> list[dict[str, str]]:
        """Return items: `t` text, `u` address, `d` day, `m` time, `s` summary, `w` who, `n` number."""
        pool = words(self.language)[name]
        drawn = self.rng.sample(pool, min(count, len(pool)))
        while len(drawn) < count:
            drawn.append(self.rng.choice(pool))
        return [self._item(pattern) for pattern in drawn]

    def _item(self, pattern: str) -> dict[str, str]:
        number = self.rng.randrange(10**5, 10**6)
        day = FETCHED - timedelta(days=self.rng.randrange(1, DAYS), minutes=self.rng.randrange(1440))
        return {
            "t": self._say(pattern),
            "u": f"/{self.rng.choice('abcdk')}/{day:%Y%m}/{number}.html",
            "d": f"{day:%Y-%m-%d}",
            "m": f"{day:%H:%M}",
            "s": self._say(self.rng.choice(words(self.language)["summaries"])),
            "w": self.rng.choice(words(self.language)["nicknames"]),
            "n": str(number),
        }

    def _say(self, pattern: str) -> str:
        text = HOLE.sub(self._fill, pattern)
        self.said.append(text)
        return text

    def _fill(self, match: re.Match[str]) -> str:
        if match[1] == "site":
            return self.site
        if match[1] == "n":
            return str(self.rng.randrange(2, 90))
        return str(self.rng.choice(words(self.language)[match[1]]))

    def style(self, count: int) -> str:
        """Return rules of a style sheet, as pages carry them along."""
        return "\n".join(
            f".{self.token()} a{{color:#{self.rng.getrandbits(24):06x};padding:{self.rng.randrange(30)}px "
            f"{self.rng.randrange(30)}px;line-height:{self.rng.randrange(12, 40)}px}}"
            for _ in range(count)
        )

    def script(self, count: int) -> str:
        """Return lines of a script that does nothing worth to read."""
        return "\n".join(
            f'var {self.token()}={{"id":{self.rng.getrandbits(30)},"k":"{self.rng.getrandbits(64):x}"}};'
            f'if(window.{self.token()}){{document.getElementById("{self.token()}").className="{self.token()}"}}'
            for _ in range(count)
        )

    def token(self) -> str:
        """Return a name as a bundler makes them up."""
        return self.rng.choice("abcdefghkmpqrsuvwxyz") + f"{self.rng.getrandbits(28):x}"
