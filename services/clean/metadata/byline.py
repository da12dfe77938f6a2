"""The line of a page that tells date, source and authors: `2024年06月25日 14:15 来源:某某网 编辑:某某`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from services.clean.metadata import people, press
from services.clean.metadata.dates import PageDate, find_date

SOURCE = re.compile(
    r"(?:^|[\s(（\[【|｜丨;；]|(?<=\d))(?:(?:信息|文章|新闻|稿件|内容|资料|本文)?(?:来源|稿源|来稿单位|转贴自|转自|转载自|摘自|原载|出处|供稿单位)于?|来自(?=\s?[:：])|Source)"
    r"\s{0,2}[:：丨｜]\s{0,3}(?P<name>[^\s|｜丨,，;；。(（)）\]】:：]{2,30}?)"
    r"(?=[\s|｜丨,，;；。(（)）\]】]|$|(?:作者|记者|(?:责任)?编辑|责编|发布时间|时间|日期|浏览|点击|字号)[:：])"
)
SOURCE_CUE = re.compile("源|[自原]|出处|单位|Source")
LABEL = re.compile(
    r"(?:信息|文章|新闻|稿件|内容|资料)?(?:来源|稿源|来稿单位|转贴自|转自|转载自|出处|供稿单位|来自(?=\s?[:：])|责任编辑|责编|值班编辑|本文编辑|网络编辑|编辑|审核|校对|监制|记者|作者|"
    r"通讯员|发布者|发布人|录入|发布单位|发布机构|摄影|撰文|签发)\s{0,2}[:：丨｜/／]?\s{0,3}[^\s|｜丨;；)）]{1,30}"
)
PERSON_AFTER = re.compile(rf"(?:记者|通讯员|作者)\s{{0,2}}[:：]?\s{{0,2}}{people.NAMES}")
PUBLISHED_BY = re.compile(
    r"(?:发布单位|发布机构|主办单位|公众号)\s{0,2}[:：]\s{0,3}(?P<name>[^\s|｜丨,，;；。)）]{2,30})"
)
COUNTERS = re.compile(
    r"(?:(?<=[\s|｜丨])|^)(?:浏览|阅读|点击|人气|评论|字号|字体|分享|热度)[^\s|｜丨]{0,8}\s?[:：]?\s?[\d万.,]*\s?(?:次|人)?"
)
SIZES = re.compile(
    r"[【\[(（]\s?(?:字体|字号)[^】\])）]{0,30}[】\])）]?|(?:字体|字号)\s?[:：]?\s?[【\[(（][^】\])）]{0,30}[】\])）]"
)
ADDRESS = re.compile(r"(?:https?://|www\.)[\w./-]+")
SPLIT = re.compile(r"[\s|｜丨/／>·•【】\[\]]+|[:：]")
TELLING = re.compile(r"\d{4}|源|编|责|记者|作者|通讯员|文|自|出处|发布|By|民国")
TODAY = re.compile("今天是|现在是|农历|天气")
# A strip with today's date tells the weekday too, but no clock and no label stand beside it.
WEEKDAY = re.compile(r"(?:星期|周)[一二三四五六日天]")
NO_STRIP = re.compile(r"\d[:：]\d\d|发布|发表|来源|时间|日期")
RULES = re.compile(r"[凡注]明|转载请|版权|免责|许可证|备案")
MAX_BYLINE = 160
MAX_REST = 40


@dataclass(frozen=True)
class Byline:
    """What one line tells; empty where it tells nothing."""

    date: PageDate | None = None
    source: str | None = None
    publisher: str | None = None
    authors: people.Authors = field(default_factory=people.Authors)
    editor: str | None = None
    labels: int = 0
    rest: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the line is a byline and nothing else."""
        return (
            bool(self.date or self.labels)
            and len(self.rest) <= MAX_REST
            and not press.SENTENCE.search(self.rest)
        )


REMEMBERED = 64  # lines: those at the head of a body are looked at twice
NOTHING = Byline()


@lru_cache(REMEMBERED)
def read_byline(line: str) -> Byline:
    """Return what a short line tells of date, source, publisher and authors."""
    if len(line) > MAX_BYLINE or not TELLING.search(line) or RULES.search(line) or is_today(line):
        return NOTHING
    found = find_date(line)
    text = f"{line[: found.start]} | {line[found.end :]}" if found else line
    text = ADDRESS.sub(" ", text) if "." in text else text
    text = SIZES.sub(" ", text) if "字" in text else text
    labels = len(LABEL.findall(text))
    rest = people.ENGLISH.sub(" ", text) if "y" in text else text
    rest = COUNTERS.sub(" ", LABEL.sub(" ", PERSON_AFTER.sub(_media, rest)) if labels else rest)
    parts = [
        part
        for part in SPLIT.split(rest)
        if part.strip("()（）[]【】") and part not in press.words("byline_words")
    ]
    return Byline(
        date=found,
        source=read_source(text),
        publisher=_publisher(text, parts) if found or labels else None,
        authors=people.in_byline(text),
        editor=people.editor(text),
        labels=labels,
        rest=" ".join(parts),
    )


def is_today(line: str) -> bool:
    """Tell whether a line gives the date of the day, as many pages do above their menus."""
    strip = WEEKDAY.search(line) and not NO_STRIP.search(line)
    return bool(strip or TODAY.search(line))


def read_source(text: str) -> str | None:
    """Return the source that a line names after its label, unless it names nobody."""
    match = SOURCE.search(text) if SOURCE_CUE.search(text) and not RULES.search(text) else None
    name = match and match["name"].strip("“”\"'《》")
    return name if name and not press.is_nobody(name) else None


def _publisher(text: str, parts: list[str]) -> str | None:
    """Return who published it: named by a label, or the one name left beside date, source and authors."""
    labelled = PUBLISHED_BY.search(text) if "：" in text or ":" in text else None
    if labelled:
        return labelled["name"]
    names = [" ".join(parts)] if all(part.isascii() for part in parts) else parts
    told = [name.removesuffix("讯") for name in names]
    media = [name for name in told if press.is_paper(name)] or [x for x in told if press.is_office(x)]
    return press.without_channel(media[0]) if len(media) == 1 else None


def _media(match: re.Match[str]) -> str:
    """Return the media that stand among names of persons."""
    return " ".join(["", *filter(press.is_medium, match[0].split()), ""])
