"""Tell the lines and the tails of paragraphs that say who made the article: source, editor, byline."""

from __future__ import annotations

import re

from services.clean.sorting.chrome import SLACK, folded

SOURCE = "(?:文章|稿件|信息|新闻|内容|本文|资料)?(?:来源|稿源|源自|出处)(?:于|自)?"
EDITOR = (
    "(?:本(?:期|文)|值班|执行|责任|网络|编辑|美术|文字|网页|实习|责|主|总|特约)*"
    "(?:编辑|责编|编审|审核|审校|校对|校审|监制|主编|总编|编校|初审|复审|终审|终校|一审|二审|三审|一读|统筹|策划|"
    "审签|签发|编发|排版|制作)"
)
AUTHOR = (
    "(?:本(?:报|网|刊|台|文))?(?:全媒体|融媒体|见习|实习|特约|首席)?"
    "(?:记者|作者(?:单位)?|通讯员|撰稿人?|撰文|供稿(?:单位)?|文字|投稿|报道|采写|文/图|图/文|图文|文|图|摄影|摄像|翻译|编译|整理)"
)
PUBLISHED = "(?:发布|更新|发表|发稿|录入|创建|添加|上传|刊发|编辑)?(?:时间|日期|于)"
COUNTER = "(?:浏览|阅读|点击|访问|查看|人气|字数|评论)(?:次数|数|量|率)?"
DESK = "全媒体|融媒体|见习|实习|特约|首席"
# No verb may open it: `记者从某局获悉` is a sentence.
ONE_NAME = (
    "(?![从在获了采走近])[\u4e00-\u9fff](?:[\u4e00-\u9fff·]{1,3}| [\u4e00-\u9fff])"
    "(?: ?(?:通讯员|实习生|摄影|文/图))?"
)
# `本报记者 某某某 某某 通讯员 某某 某地报道`: a blank before the names, for `记者调查` is a subheading.
ALONE = (
    rf"[■□◎●▲★]? ?(?:[\u4e00-\u9fff]{{2,10}}?)??(?:{DESK})*"
    rf"(?:记者|通讯员|实习生)(?: {ONE_NAME}(?: 通讯员| 记者| 实习生)?){{1,8}}"
    r"(?: ?[\u4e00-\u9fff]{0,6}(?:报道|摄影|摄|文/图|图/文|综合报道))?"
)
MAX_LINE = 90
MONTH = "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\\.?"
DATE = re.compile(
    rf"(?:{MONTH} \d{{1,2}},? |\d{{1,2}} {MONTH},? )20\d\d(?:,? \d{{1,2}}:\d\d(?: ?[ap]\.?m\.?)?)?"
    r"|(?:20|19)\d\d ?[-年/.] ?\d{1,2} ?[-月/.] ?\d{1,2} ?日?(?:[ T]*\d{1,2}[:时]\d{2}(?:[:分]\d{2}秒?)?)?"
)
LABEL = re.compile(f"(?:{SOURCE}|{EDITOR}|{AUTHOR}|{PUBLISHED}|{COUNTER}) ?[:|/]")
ENGLISH_BYLINE = r"By [A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,3}(?:[,|] ?[^.]{0,40})?"
LINE = {
    "source": re.compile(rf"[\[(<【]?\s*{SOURCE} ?[:|/] ?.{{1,50}}"),
    "editor": re.compile(rf"[\[(<【]?\s*{EDITOR}(?:[丨|/、&](?:{EDITOR}|{AUTHOR}))* ?[:|/丨] ?.{{0,70}}"),
    "byline": re.compile(
        rf"\((?:本[报网刊台])?(?:{DESK})?(?:记者|通讯员) ?(?:{ONE_NAME}[ 、,]?){{1,6}}\)|{ALONE}|"
        rf"[\[(<【]?\s*{AUTHOR}(?:[丨|/、&]{AUTHOR})* ?[:|丨] ?[^。?!]{{1,60}}|{ENGLISH_BYLINE}"
    ),
}
# `（来源：某报）` or `【责任编辑:某人】` behind the last sentence of a paragraph, or the same unbracketed.
TAIL = re.compile(
    rf"\s*(?:[(（](?:本[报网刊台])?(?:{DESK})?(?:记者|通讯员)\s?(?:{ONE_NAME}[ \u3000、,]?){{1,6}}[)）]"
    rf"|[\[(（【〔]\s*(?:{SOURCE}|{EDITOR}|{AUTHOR})"
    r"\s*[:：|/丨][^。\[\]()（）【】\n]{1,60}[\])）】〕]"
    rf"|(?<=[。！？”）)])\s*(?:{SOURCE}|{EDITOR})\s*[:：][^。，,\n]{{1,30}}"
    r"|(?<=[。！？”）)])\s*返回[^。，,\s]{2,10}[，,]\s?查看更多)\s*$"
)
MORE = "查看更多"  # the way back to the site, glued to the last sentence
TAIL_SIGN = re.compile(rf"[)）\]】〕:：]|{MORE}")
SIGN = re.compile("[,、;!?“”]")
MAX_BESIDE_DATE = 36  # characters of a byline beside date and labels: the names


def credit_kind(line: str) -> str | None:
    """Return `source`, `editor` or `byline` for a line that only gives credit."""
    plain = folded(line) if len(line) <= MAX_LINE + SLACK else ""
    if not plain or len(plain) > MAX_LINE:
        return None
    return next((kind for kind, pattern in LINE.items() if pattern.fullmatch(plain)), None)


def is_byline(line: str) -> bool:
    """Return whether a line gives the date of publication and little else."""
    plain = folded(line)
    date = DATE.search(plain) if len(plain) <= MAX_LINE and "。" not in plain else None
    if not date:
        return False
    rest = plain[: date.start()] + plain[date.end() :]
    if LABEL.search(rest):
        return len(rest) <= MAX_LINE - 16
    if len(rest) > MAX_BESIDE_DATE or SIGN.search(rest):
        return False
    return ":" in date[0] or date.start() == 0 or date.end() == len(plain)


def credit_tail(paragraph: str) -> tuple[int, str] | None:
    """Return where the credit at the end of a paragraph begins, and its kind; `related` is noise."""
    if paragraph.endswith("。"):
        return None
    start = max(0, len(paragraph) - MAX_LINE)
    match = TAIL.search(paragraph, start) if TAIL_SIGN.search(paragraph, start) else None
    if not match or not match.start():
        return None
    if match[0].rstrip().endswith(MORE):
        return match.start(), "related"
    inside = match[0].strip(" \t\u3000[]()（）【】〔〕")
    return match.start(), credit_kind(f"({inside})") or credit_kind(inside) or "editor"
