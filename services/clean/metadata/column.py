"""The column of a site that an article stands in: as its head says, else its bread crumbs, else its title."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

from services.clean.metadata import head, press
from services.clean.metadata.crumbs import HOME
from services.clean.metadata.title import suffixes
from services.clean.sorting.spam import spam_kind

MAX_COLUMN = 16
MAX_DESK = 4  # characters of a column that a title may hold, and that a paper's name seldom has: 财报, 早报
# `第A03版：要闻` above a newspaper's electronic page.
PAGE = re.compile(r"第\s?[A-Z]?\d{1,3}\s?版\s?[:：]\s?(?P<name>[\u4e00-\u9fff·]{2,8})")
LEVELS = re.compile(r"\s*[_>/|,，]\s*")
# `2024-06-25 · 要闻 · 某某网`
BESIDE = re.compile(r"\s*[·|｜]\s*")
HAN_OR_NAME = re.compile(r"[\u4e00-\u9fff]|^[A-Z]")
# Words of templates for the article itself or for any page.
NO_COLUMN = re.compile(
    r"正文$|(?:内容|详情|详细|列表|文章|浏览)页?$|^(?:首页|主页|返回|新闻|Home|Article|News)$|^\d|[?？!！]"
)


def read_column(
    meta: Mapping[str, str],
    trails: Sequence[Sequence[str]],
    lines: Sequence[str],
    title: str | None,
    sites: Collection[str],
) -> str | None:
    """Return the innermost column that the page names; never its site or its title.

    `trails`: the bread crumbs of the page, each from the home page down. `lines`: those around the text.
    """
    told = (LEVELS.split(meta[key])[-1] for key in head.names("column") if key in meta)
    crumb = (part for trail in trails for part in reversed(trail[1:]))
    page = (match["name"] for line in lines if (match := PAGE.search(line)))
    beside = (name for line in lines for name in BESIDE.split(line)[1:] if name in press.words("channels"))
    title_of_page = meta.get("title", "")
    behind = () if spam_kind(title_of_page) else reversed(suffixes(title_of_page))
    return _first(chain(told, crumb, page, beside, behind), title or "", sites)


def _first(names: Iterable[str], title: str, sites: Collection[str]) -> str | None:
    plain = "".join(title.split())
    for name in names:
        short = name.strip()
        paper = len(short) > MAX_DESK and press.is_paper(short)
        known = short in sites or paper or HOME.search(short) or NO_COLUMN.search(short)
        if known or not 1 < len(short) <= MAX_COLUMN or not HAN_OR_NAME.search(short):
            continue
        if len(short) <= MAX_DESK or "".join(short.split()) not in plain:
            return short
    return None
