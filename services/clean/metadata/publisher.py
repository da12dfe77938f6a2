"""Who published a page, from the page itself: never from the host that carried the copy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from services.clean.metadata import head, press
from services.clean.metadata.crumbs import HOME
from services.clean.metadata.title import HOST, last_part, suffixes

WHOLE_TEXT = re.compile(r"^(?P<name>[^\s,，。:：>›]{2,20})\s{0,2}正文$")
FOLLOW = re.compile(r"关注[“\"「]?(?P<name>[^\s,，。“”\"「」]{2,20}?)[”\"」]?(?:官方)?(?:微信)?公众号")
NOTICE = re.compile(r"^(?P<name>[^\s,，。:：>›]{2,24}?)版权与免责声明")
RIGHTS = re.compile(
    r"(?:©|\(c\)|版权所有\s?[:：]|Copyright(?=[\s\d,-]*[\u4e00-\u9fff]))\s{0,3}(?:(?:19|20)\d\d(?:\s?-\s?(?:19|20)\d\d)?\s{0,3})?(?P<name>[^\s,，。:：©]{2,24})",
    re.IGNORECASE,
)
RIGHTS_BEHIND = re.compile(r"(?:^|\s)(?P<name>[^\s,，。:：©\d]{2,24}?)\s?版权所有")
ENGLISH_RIGHTS = re.compile(r"©\s?(?:(?:19|20)\d\d\s)?(?P<name>[A-Z][\w&'-]*(?: [A-Z][\w&'-]*){0,4})\.")
# `不代表某某网立场`, `与某某网无关`, `并不表明某某网同意其观点`
OPINIONS = re.compile(
    r"(?:不(?:表明|代表)|与)(?P<name>[^\s,，。:：、与和]{2,16}?)(?:无关|同意|赞同|(?:的)?(?:立场|观点))"
)
CLIENT = re.compile(r"(?:打开|下载)(?P<name>[^\s,，。:：、]{2,16}?)(?:客户端|APP|App|app)")
NOTICES = (WHOLE_TEXT, FOLLOW, NOTICE, ENGLISH_RIGHTS, RIGHTS_BEHIND, RIGHTS, OPINIONS, CLIENT)
# These say that what they name is an account or a medium; the others may name anything.
EXPLICIT = (FOLLOW, ENGLISH_RIGHTS)
NOTICE_CUE = re.compile(r"正文|关注|版权|©|\([Cc]\)|Copyright|无关|观点|立场|客户端|(?:打开|下载)")
BLOG = re.compile(r"_|博客|部落格|[Bb]log")
LEGAL = re.compile(r"未经|许可|转载|所有|保留|权利|备案")


def told_sites(meta: Mapping[str, str], trails: Sequence[Sequence[str]]) -> list[str]:
    """Return the names that the page gives its site: in its head, its bread crumbs, behind its title."""
    found = [meta.get(key) for key in head.names("site")]
    found += [name for trail in trails for name in _home(trail)]
    found += [name for name in suffixes(meta.get("title", ""))[:1] if _is_site(name)]
    return _names(found)


def confirmed_site(title: str, lines: Sequence[str]) -> list[str]:
    """Return what stands behind the title where a notice of the page's rights names it too."""
    name = last_part(title)
    rights = [line for line in lines if "©" in line or "版权所有" in line or "opyright" in line]
    return _names([name]) if name and any(name in line for line in rights) else []


def noticed_sites(lines: Sequence[str]) -> list[str]:
    """Return the names that the page's notices give: `某某网正文`, follow us, copyright."""
    telling = [line for line in lines if NOTICE_CUE.search(line)]
    found = [(p, match["name"]) for p in NOTICES for line in telling if (match := p.search(line))]
    found = [(pattern, name.rstrip(".")) for pattern, name in found]
    return _names(name for p, name in found if p in EXPLICIT or press.is_paper(name) or press.is_office(name))


def _names(found: Iterable[str | None]) -> list[str]:
    names = (name.strip("“”\"'《》. ") for name in found if name and not LEGAL.search(name))
    return list(dict.fromkeys(name for name in names if press.is_name(name) and not _is_carrier(name)))


def _is_carrier(name: str) -> bool:
    """Tell whether a site only carries what its users publish, is one of them, or is named by none (本网)."""
    return (
        bool(HOST.search(name)) or press.is_platform(name) or press.is_nobody(name) or bool(BLOG.search(name))
    )


def _home(parts: Sequence[str]) -> list[str]:
    """Return the site that bread crumbs name: `某某网首页 > 要闻 > 正文`, or `首页 > 频道 > 某某网`."""
    home = HOME.sub("", parts[0]).strip()
    if HOME.search(parts[0]):
        return [home] if home else [part for part in parts[:0:-1] if _is_site(part)][:1]
    return [parts[0]] if _is_site(parts[0]) else []


def _is_site(name: str) -> bool:
    named = press.is_medium(name) or press.is_paper(name) or press.is_office(name)
    return named and not press.is_channel(name)
