"""Bread crumbs: the way from the home page of a site down to the article (`某某网首页 > 要闻 > 正文`)."""

from __future__ import annotations

import re

HEAD = re.compile(
    r"^.{0,4}?(?:您?(?:现在|当前|目前)?(?:所在)?的?(?:当前|所在)?位置(?:是|为)?|首页导航|导航)\s?[:：]?\s?"
)
SPLIT = re.compile(r"-{0,2}[>›»→＞]+")
# Signs that stand in other lines as well: they part crumbs only where the line begins as one.
WEAK_SPLIT = re.compile(r"/|\\|::|[>›»→＞]+")
HOME = re.compile(r"(?:网站)?(?:首页|主页)$|^(?:首页|主页)|^Home$")
MIN_CRUMBS = 2
MAX_CHARS = 80


def crumbs(line: str) -> list[str]:
    """Return the crumbs of a line, the home page first; none where it is no such line."""
    if len(line) > MAX_CHARS or not WEAK_SPLIT.search(line):
        return []
    trail = HEAD.sub("", line).strip()
    led = trail != line.strip() or HOME.match(WEAK_SPLIT.split(trail)[0].strip())
    parts = [part.strip() for part in (WEAK_SPLIT if led else SPLIT).split(trail)]
    found = [part for part in parts if part]
    return found if len(found) >= MIN_CRUMBS else []
