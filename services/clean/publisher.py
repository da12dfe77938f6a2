"""Who published a page, from the page itself: never from the host that carried the copy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from services.clean import press
from services.clean.title import suffixes

CRUMB_HEAD = re.compile(
    r"(?:您?(?:现在|当前)?的?(?:当前)?位置(?:是)?|首页导航)\s?[:：]?\s?|^当前位置\s?[:：]?\s?"
)
CRUMB_SPLIT = re.compile(r"\s*(?:[>›»→＞]+|&gt;|/|-{1,2}>)\s*")
HOME = re.compile(r"(?:网站)?首页$|^首页")
WHOLE_TEXT = re.compile(r"^(?P<name>[^\s,，。:：>›]{2,20})正文$")
FOLLOW = re.compile(r"关注[“\"「]?(?P<name>[^\s,，。“”\"「」]{2,20}?)[”\"」]?(?:官方)?(?:微信)?公众号")
NOTICE = re.compile(r"^(?P<name>[^\s,，。:：>›]{2,24}?)版权与免责声明")
RIGHTS = re.compile(
    r"(?:©|\(c\)|版权所有[:：]?)\s{0,3}(?:(?:19|20)\d\d(?:\s?-\s?(?:19|20)\d\d)?\s{0,3})?(?P<name>[^\s,，。©]{2,20}?)\s?(?:版权所有|保留|All|$)",
    re.I,
)
ENGLISH_RIGHTS = re.compile(r"©\s?(?:(?:19|20)\d\d\s)?(?P<name>[A-Z][\w&'-]*(?: [A-Z][\w&'-]*){0,4})\.")
MIN_CRUMBS = 2


def site_names(meta: Mapping[str, str], lines: Sequence[str]) -> list[str]:
    """Return the names that the page gives its site, the surest first: head, bread crumbs, title suffix, footer."""
    found = [meta.get("og:site_name"), meta.get("ld:publisher"), meta.get("application-name")]
    found += [name for line in lines for name in _crumb(line)]
    tail = suffixes(meta.get("title", ""))
    found += [name for name in tail[:1] if press.is_medium(name)]
    for pattern in (WHOLE_TEXT, FOLLOW, NOTICE, ENGLISH_RIGHTS, RIGHTS):
        found += [match["name"] for line in lines if (match := pattern.search(line))]
    return list(dict.fromkeys(name.strip() for name in found if name and press.is_name(name.strip())))


def _crumb(line: str) -> list[str]:
    """Return the site that bread crumbs name: `某某网首页 > 要闻 > 正文`, or `首页 > 频道 > 某某网`."""
    parts = [part.strip() for part in CRUMB_SPLIT.split(CRUMB_HEAD.sub("", line).strip())]
    if len(parts) < MIN_CRUMBS or len(line) > 80:
        return []
    home = HOME.sub("", parts[0]).strip()
    if HOME.search(parts[0]):
        return [home] if home else [part for part in parts[:0:-1] if press.is_medium(part)][:1]
    return [parts[0]] if press.is_medium(parts[0]) else []
