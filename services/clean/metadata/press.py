"""The words of the press: a reader of `data/press.yaml` and what follows from it for a name."""

from __future__ import annotations

import re
from functools import cache

from services.clean.data import content

MIN_NAME = 2
MAX_NAME = 24
MAX_PLACE = 6
MIN_OFFICE = 4
ADDED = re.compile("(?:电子版|官网|首页)$")
# A name is no sentence: no punctuation within but the middle dot, hyphen and brackets of sub-sites.
SENTENCE = re.compile(r"[,，。;；:：!！?？“”\"、<>《》|]")


@cache
def _data() -> dict[str, frozenset[str]]:
    return {kind: frozenset(words) for kind, words in content("press.yaml").items()}


def words(kind: str) -> frozenset[str]:
    """Return one list of `data/press.yaml`."""
    return _data()[kind]


@cache
def endings() -> re.Pattern[str]:
    """Return the pattern of what a medium's name ends with, longest first."""
    return re.compile("|".join(sorted(map(re.escape, words("media_endings")), key=len, reverse=True)))


@cache
def _trade() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words("trade")))))


@cache
def agencies() -> tuple[str, ...]:
    """Return the names of the news agencies, whose dateline travels with the text."""
    return tuple(words("agencies"))


@cache
def _channels() -> tuple[str, ...]:
    return tuple(sorted(words("channels"), key=len, reverse=True))


def is_trade(name: str) -> bool:
    """Tell whether a site trades in something: a carrier of copies, no publisher of news."""
    return bool(_trade().search(name))


def is_nobody(name: str) -> bool:
    """Tell whether a source or an author names nobody."""
    return name in words("nobody")


def is_platform(name: str) -> bool:
    """Tell whether a name is that of a platform, which carries what others publish."""
    return name in words("platforms")


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of a medium or an office."""
    return MIN_NAME <= len(text) <= MAX_NAME and not SENTENCE.search(text) and text not in words("channels")


def is_medium(text: str) -> bool:
    """Tell whether a text is the name of a medium by its words, `某某网某省` and `某某网·某频道` too."""
    if not is_name(text) or text.isascii():
        return False
    found = (match for match in endings().finditer(text) if match.start() >= MIN_NAME)
    return any(len(text) - match.end() <= MAX_PLACE for match in found)


def is_channel(text: str) -> bool:
    """Tell whether a text names a part of a site: `科技频道`, but not `某某网河北频道`."""
    part = text.removesuffix("频道")
    return part in words("channels") or (part != text and not endings().search(part))


def is_paper(text: str) -> bool:
    """Tell whether a text is a medium's name and nothing else, `某某晚报电子版` too."""
    return is_name(text) and _ends_as_medium(ADDED.sub("", text))


def is_office(text: str) -> bool:
    """Tell whether a text is the name of an organisation by its last word; departments of one are none."""
    return is_name(text) and len(text) >= MIN_OFFICE and text.endswith(_office_endings())


def without_channel(name: str) -> str:
    """Return a medium's name without the channel that is glued in front of it (`城事川南在线`)."""
    if not name.startswith(_channels()):
        return name
    rests = (name.removeprefix(channel) for channel in _channels() if name.startswith(channel))
    return next((rest for rest in rests if len(rest) > len("网") + 1 and _ends_as_medium(rest)), name)


def without_place(name: str) -> str:
    """Return the medium of a dateline without the place that follows it (`中新网上海`)."""
    ends = [match.end() for match in endings().finditer(name)]
    return name[: ends[-1]] if ends and ends[-1] > 1 and len(name) - ends[-1] <= MAX_PLACE else name


def _ends_as_medium(name: str) -> bool:
    return name.endswith(_media_endings()) and name not in words("media_endings")


@cache
def _office_endings() -> tuple[str, ...]:
    return tuple(words("office_endings"))


@cache
def _media_endings() -> tuple[str, ...]:
    return tuple(words("media_endings"))
