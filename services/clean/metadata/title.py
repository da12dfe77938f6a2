"""The title: what headings and the head of the page agree on, without the names of site and channel."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from services.clean.metadata import head, press
from services.clean.sorting.spam import spam_kind

BREAK = re.compile(r"\s*[_|｜丨]+\s*|\s*::\s*|\s@\s|\s+[-–—]{1,2}\s+|\s*(?:--|——|<<|>>|\s·\s|«|»|-|–)\s*")
STRONG = re.compile(r"\s*[_|｜丨]+\s*|\s+[-–—]{1,2}\s+|\s*--\s*")
HOST = re.compile(
    r"(?:www\.)?[\w-]+\.(?:com|cn|net|org|tw|hk|gov|tv)(?:\.\w\w)?$|^Powered by .*", re.IGNORECASE
)
TAGGED = re.compile(r"^\s*[\[【][^\]】]{1,8}[\]】]\s*")  # the class of a thread in front of its subject
CUT = re.compile(r"(?:\.{2,}|…+)$")  # some heads cut long titles
# `条目 - 某某百科，自由的百科全书`
ENTRY = re.compile(r"(?P<entry>.+?)\s*[-_—–|]\s*(?P<site>[^-_|—–，,\s]{0,12}百科(?:全书)?)(?:[，,].{1,16})?")
DIGIT = re.compile(r"\d")
SIGNS = re.compile(r"\W+")
# What the names of some media end with, and headlines as well: behind a mere hyphen they prove nothing.
MAY_END_A_TITLE = ("发布", "观察", "评论", "快讯", "头条", "通报", "社")
MIN_TITLE = 4
MIN_WITHIN = 8  # letters from which a title that stands within another is no accident
MAX_TITLE = 120
MAX_LINE = 60
SENTENCE_END = tuple("。；，、;,")
# What stands above texts as well: the page of a newspaper, tools, doors to other pages.
OTHER_LINE = re.compile(
    r"第\s?[A-Z]?\d+\s?版|^[A-Z]\d+\s?[:：]|首页|登录|注册|订阅|关注|下载|返回|版面|[|｜>]|\d{4}年"
)
MAX_SUFFIX = 16


def read_title(
    headings: Sequence[str], meta: Mapping[str, str], sites: Collection[str], lines: Sequence[str] = ()
) -> str | None:
    """Return the title of a page from its main headings and its head; None where it has none.

    `headings`: from the top of the page down. `sites`: names of the site, which are never the title. `lines`:
    what else stands above the text and is no byline; one of them is the title where the head says so, or
    where nothing else can be.
    """
    entry = _entry(meta.get("title", ""), headings)
    if entry:
        return entry
    forms = {title: without_site(title, sites) for title in _told(meta) if not spam_kind(title)}
    told = [title for title in _told(meta) if title in forms]
    bare = [forms[title] for title in told]
    usable = [heading for heading in headings if _is_title(heading, sites)]
    for heading in [*usable, *lines]:
        for form in (heading, TAGGED.sub("", heading)):
            if _is_title(form, sites) and any(_confirms(title, form) for title in [*told, *bare]):
                return form
    return _agreed([title for title in bare if _is_title(title, sites)]) or (
        usable[-1] if usable else _only(lines, sites)
    )


def _entry(title: str, headings: Sequence[str]) -> str | None:
    """Return what an article of an encyclopedia is about, as its heading writes it; None on other pages."""
    match = ENTRY.fullmatch(title)
    if not match or spam_kind(title):
        return None
    return next((heading for heading in headings if match["entry"].startswith(heading)), match["entry"])


def _told(meta: Mapping[str, str]) -> list[str]:
    return [meta[key] for key in head.names("title") if key in meta]


def without_site(title: str, sites: Collection[str] = ()) -> str:
    """Return a page title without the names of channel and site behind it or the site's before it."""
    return _parted(title, sites)[0]


def last_part(title: str) -> str | None:
    """Return what stands behind the last bar or dash, where it is short enough for the name of a site."""
    breaks = list(STRONG.finditer(title))
    part = HOST.sub("", title[breaks[-1].end() :].strip()).strip() if breaks else ""
    return part if len(part) <= MAX_SUFFIX and press.is_name(part) else None


@lru_cache(maxsize=4)
def suffixes(title: str) -> tuple[str, ...]:
    """Return what stands behind the title, last first: the site, then its channels."""
    return tuple(_parted(title, ())[1])


def _parted(title: str, sites: Collection[str]) -> tuple[str, list[str]]:
    title, tails = " ".join(title.split()), list[str]()
    entry = ENTRY.fullmatch(title)
    if entry:
        return entry["entry"], [entry["site"]]
    while breaks := list(BREAK.finditer(title)):
        last, whole = breaks[-1], title[breaks[-1].end() :].strip()
        tail = HOST.sub("", whole).strip()
        strong = bool(STRONG.fullmatch(last[0])) and len(whole) <= MAX_SUFFIX
        loose = strong and (bool(tails) or "_" in last[0])
        told = _is_site(tail, sites) and (strong or tail in sites or not tail.endswith(MAY_END_A_TITLE))
        if last.start() < MIN_TITLE or not (loose or told or not tail):
            break
        title = title[: last.start()].strip()
        tails += [tail] if tail else []
    first = BREAK.search(title)
    name = title[: first.start()] if first else ""
    named = name in {*sites, *tails} or (press.is_paper(name) and not name.endswith(MAY_END_A_TITLE))
    if first and named and len(title) - first.end() >= MIN_TITLE:
        title = title[first.end() :]
    return title, tails


def _is_site(text: str, sites: Collection[str]) -> bool:
    """Tell whether a text behind a title is the site's name or its channel's."""
    return (
        text in sites
        or text in press.words("channels")
        or (press.is_name(text) and press.is_paper(text) and not DIGIT.search(text))
        or press.is_channel(text)
    )


def _agreed(titles: Sequence[str]) -> str | None:
    """Return the title that most others agree with, the first of equals; the last has the site to lose."""
    return max(titles, key=lambda title: sum(_plain(title) == _plain(x) for x in titles), default=None)


def _only(lines: Sequence[str], sites: Collection[str]) -> str | None:
    """Return the one line that can be a title, None where several can."""
    able = [line for line in lines if MIN_WITHIN <= len(line) <= MAX_LINE and _is_title(line, sites)]
    able = [line for line in able if not line.endswith(SENTENCE_END) and not OTHER_LINE.search(line)]
    return able[0] if len(able) == 1 else None


def _confirms(told: str, heading: str) -> bool:
    """Tell whether the head of a page names this heading: as a whole, at its front, within it, or cut off."""
    whole, plain = _plain(told), _plain(heading)
    start = _plain(CUT.sub("", told))
    if whole.startswith(plain):
        # The name of an office, on its page as a logo, is the beginning of what its notices are called.
        return 2 * len(plain) >= len(whole) or any(
            _plain(told[: x.start()]) == plain for x in BREAK.finditer(told)
        )
    return (len(plain) >= MIN_WITHIN and plain in whole) or (
        len(start) >= MIN_WITHIN and plain.startswith(start)
    )


def _is_title(text: str, sites: Collection[str]) -> bool:
    named = (
        text in sites or text in press.words("channels") or (len(text) <= MAX_SUFFIX and press.is_paper(text))
    )
    return MIN_TITLE <= len(text) <= MAX_TITLE and not named


def _plain(text: str) -> str:
    """Return the letters and digits of a title: head and heading write its signs differently."""
    return SIGNS.sub("", text)
