"""Reporters, correspondents and editors, from bylines, datelines and credits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.clean.metadata import press

HAN = r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002fa1f]"
# What stands where a name may stand, and is the next label.
LABEL = (
    r"(?:责任编辑|责编|编辑|来源|稿源|审核|校对|监制|摄影|记者|通讯员|作者|实习生|发布|时间|"
    r"浏览|阅读|点击|分享|字号|转贴|转自|转载|摘自|文章|更新|录入|收集|整理|出处)"
)
GAP = r"[ \t\u3000、,，/／]"
SIGN = r"\s?[:：丨｜|/／]\s{0,3}"
ROLE = r"(?:特约|实习|见习)?(?:记者|通讯员|评论员|实习生|作者)"
# Two to four characters, and no more behind them but `摄影报道` and the like: five are an office.
NAME_ENDS = rf"(?=摄|报[道导]|{ROLE}|{LABEL}|(?!{HAN}))"
NAME = rf"(?!{LABEL}){HAN}{{2,4}}(?:·{HAN}{{1,6}}){{0,2}}{NAME_ENDS}"
NAMES = rf"{NAME}(?:{GAP}{{1,3}}(?:{ROLE}[ :：]?)?{NAME}|{GAP}{{0,3}}{ROLE}[ :：]?{GAP}?{NAME}){{0,9}}"
MEDIUM = rf"(?:{HAN}{{1,10}}?(?:报|网|社|台|刊|在线|新闻|客户端))?"
DESK = r"(?:本报|本网|本台|本刊|见习|实习|特约|特派|全媒体|融媒体|首席){0,3}"
EDITING = r"(?:(?:责任|值班|本文|本期|网络|文字|新媒体)?编辑|责编)"
OPEN, CLOSE = r"[(（〔\[【]", r"[)）〕\]】]"
EDGE = r"(?:^|[\s(（【|｜丨;；])"
# What follows 记者 at once when it is a sentence and no name.
SENTENCE = r"(?![从在获了采走近今昨日发看注报就将也还们的是有为])"

IN_BRACKETS = re.compile(
    rf"{OPEN}[^)）〕\]】\n]{{0,12}}?(?P<role>记者|通讯员){GAP}?[:：]?{GAP}?(?P<names>{SENTENCE}{NAMES})"
    rf"[^)）〕\]】\n]{{0,30}}{CLOSE}"
)
AT_END = re.compile(
    rf"{OPEN}(?:本[报网刊台]|{HAN}{{2,6}}社)?{DESK}(?P<role>记者|通讯员|评论员|文|撰文|采写|作者)[:：/／\s]?\s?(?P<names>{NAMES}){CLOSE}$"
)
MAX_END = 60
MAX_BARE = 4
# `（何某某／某地报导）`, as the papers of Taiwan sign.
SIGNED = re.compile(rf"{OPEN}(?:{HAN}{{2,4}}中心)?[/／]?(?P<names>{NAMES}[/／]{HAN}{{2,10}}报[道导]){CLOSE}")
# `何小满／某地报导`, `某某中心／何小满报导` in front of a text. Without a stroke it is a sentence.
SIGNED_LEAD = re.compile(
    rf"^{OPEN}?(?=[^。，,]{{0,24}}[/／])(?:{DESK}记者|{HAN}{{2,4}}(?:中心|组)[/／])?"
    rf"{GAP}?(?P<names>{NAMES})报[道导]"
)
# `（某社记者何小满某地6日电）`: a name has three characters where the place leaves it as many.
CREDITED_DAY = r"[\d一二三四五六七八九十]{1,3}[日月]"
CREDITED = re.compile(
    rf"{OPEN}{HAN}{{2,8}}记者{GAP}?(?P<names>(?:{HAN}{{2,4}}{GAP}){{0,4}}"
    rf"(?:{HAN}{{2,4}}(?={GAP}{HAN}{{2,8}}{CREDITED_DAY})|{HAN}{{3}}(?={HAN}{{2,8}}{CREDITED_DAY})"
    rf"|{HAN}{{2}}(?={HAN}{{2}}{CREDITED_DAY})))"
)
AFTER_DATELINE = re.compile(rf"日(?:专?电|讯|消息)\s{{0,3}}[(（](?P<names>{NAMES})[)）]")
BEFORE_TEXT = re.compile(
    rf"^[■□◎●▲]?\s?本[报网台刊]\w{{0,4}}记者{GAP}(?P<names>{NAME}(?:{GAP}{NAME}){{0,3}})(?:$|\s)"
)
ALONE = re.compile(
    rf"^{OPEN}?{HAN}{{0,14}}?(?P<role>记者|通讯员){GAP}{{0,3}}(?P<names>{SENTENCE}{NAMES}){CLOSE}?$"
)
LABELLED = re.compile(
    rf"(?:{EDGE}{MEDIUM}{DESK}|(?=(?:作者|记者|通讯员)[:：]))(?P<role>记者|作者|撰文|撰稿|文字|通讯员)(?:{SIGN}|\s{{1,3}}|{SENTENCE})(?P<names>{NAMES})"
)
WRITTEN = re.compile(rf"{EDGE}(?:(?:图[、和]?)?文(?:[、和]?图)?|采写|撰文|作者){SIGN}(?P<names>{NAMES})")
WRITTEN_LEAD = re.compile(rf"^{OPEN}?(?:图[、和]?)?文(?:[、和]?图)?{SIGN}(?P<names>{NAMES})(?:{CLOSE}|$)")
ENGLISH_NAME = r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3}"
ENGLISH = re.compile(rf"\b[Bb]y:? (?P<names>{ENGLISH_NAME}(?:(?:,| and) {ENGLISH_NAME}){{0,4}})")
EDITOR = re.compile(
    rf"{EDITING}{SIGN}(?P<name>{NAME}|{HAN} {HAN}{{1,2}}|[A-Za-z]\w{{1,15}})"
    rf"|[(（]{EDITING}\s(?P<inner>{NAME})[)）]"
)
# `连映雪／台北报导`: behind the stroke stands the place.
REPORTED_FROM = re.compile(rf"[/／]{HAN}{{2,10}}报[道导]")
PERSON = re.compile(NAME)
# Without one of these nobody is named as an author.
CUE = re.compile("记者|作者|通讯员|[文撰写稿]|报[道导]")
ROLES = re.compile(rf"({ROLE})")
FROM_PLACE = re.compile(rf"(?<={HAN}){GAP}+{HAN}{{2}}报[道导]$")  # `记者 何小满 某地报道`
BETWEEN = re.compile(rf"{GAP}+|[:：]|{ROLE}")
DONE = re.compile(r"(?:摄影)?报[道导]$|摄影?$")
OFFICE = re.compile(r".{2}(?:科|部|处|局|办|委|院|室|组|中心|公司|集团)$")
OTHER_WORDS = frozenset(
    {"单位", "特约", "实习", "编辑", "摄影", "视频", "供稿", "文字", "图文", "台北", "综合"}
)


@dataclass(frozen=True, slots=True)
class Authors:
    """Who wrote it, and who of them is no staff (通讯员). False where nobody is named."""

    reporters: list[str] = field(default_factory=list)
    correspondents: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.reporters)


NOBODY = Authors()


def in_dateline(text: str) -> Authors:
    """Return the authors named at the head of a body: in brackets, after the dateline, before the text."""
    return _first((CREDITED, IN_BRACKETS, AFTER_DATELINE, BEFORE_TEXT, SIGNED_LEAD, WRITTEN_LEAD), text)


def in_byline(text: str) -> Authors:
    """Return the authors that a byline or a credit names."""
    authors = (
        _first((CREDITED, IN_BRACKETS, LABELLED, WRITTEN, ALONE, SIGNED_LEAD), text)
        if CUE.search(text)
        else NOBODY
    )
    english = ENGLISH.search(text) if not authors and "y" in text else None
    names = re.split(r", | and ", english["names"]) if english else []
    return Authors([name for name in names if not press.is_paper(name)]) if names else authors


def in_brackets(text: str) -> Authors:
    """Return the authors in brackets at the end of a paragraph, or with the place that they report from."""
    if text.endswith((")", "）", "〕", "】")) and (authors := _first((AT_END,), text[-MAX_END:])):
        return authors
    return _first((SIGNED,), text) if "报" in text and REPORTED_FROM.search(text) else NOBODY


def alone(text: str) -> Authors:
    """Return the authors of a line that holds nothing else."""
    return _first((ALONE,), text) if CUE.search(text[:MAX_END]) else NOBODY


def bare(text: str) -> Authors:
    """Return the authors of a line of nothing but names, as accounts give them above their articles."""
    pieces = [piece for piece in BETWEEN.split(text.strip()) if piece]
    return Authors(pieces) if 0 < len(pieces) <= MAX_BARE and all(map(is_person, pieces)) else NOBODY


def linked(text: str, lines: Sequence[str]) -> Authors:
    """Return the authors that an element is marked to name, where a line above the text shows them."""
    if not text or not any(text in " ".join(line.split()) for line in lines):
        return NOBODY
    english = re.fullmatch(ENGLISH_NAME, text) and not press.is_paper(text)
    return Authors([text]) if english else bare(text) or in_byline(text)


def editor(text: str) -> str | None:
    """Return the editor that a line names."""
    match = EDITOR.search(text) if "编" in text else None
    name = match and "".join((match["name"] or match["inner"]).split())
    return name if name and not press.is_nobody(name) else None


def split_names(text: str) -> list[str]:
    """Return the single names of a list like `甲某某、乙某某`, each once."""
    pieces = BETWEEN.split(REPORTED_FROM.sub("", text))
    names = [DONE.sub("", piece) for piece in pieces]
    return list(dict.fromkeys(name for name in names if is_person(name)))


def is_person(name: str) -> bool:
    """Tell whether a text can be the name of a person and is no medium's."""
    if not PERSON.fullmatch(name) or OFFICE.match(name):
        return False
    known = name in OTHER_WORDS or name in press.words("byline_words")
    return not (known or press.is_nobody(name) or press.is_medium(name))


def _first(patterns: Sequence[re.Pattern[str]], text: str) -> Authors:
    """Return the authors that the first pattern finds which finds any."""
    for pattern in patterns:
        match = pattern.search(text)
        authors = _read(match) if match else NOBODY
        if authors:
            return authors
    return NOBODY


def _read(match: re.Match[str]) -> Authors:
    end = match.end("names")
    behind = match.string[end : end + 2]
    names = FROM_PLACE.sub("", match["names"] + (behind if behind in {"报道", "报导"} else ""))
    return _authors(match.groupdict().get("role") or "", names)


def _authors(role: str, text: str) -> Authors:
    """Return names by the role before each, as in `甲某某 通讯员 乙某某`; the first stand behind `role`."""
    named: dict[str, str] = {}
    for piece in ROLES.split(role + text):
        if piece and ROLES.fullmatch(piece):
            role = piece
        else:
            named |= dict.fromkeys(split_names(piece), role)
    return Authors([*named], [name for name, role in named.items() if role.endswith("通讯员")])
