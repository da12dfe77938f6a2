"""Reporters and editors, from bylines, datelines and credits."""

from __future__ import annotations

import re

from services.clean import press

HAN = r"\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002fa1f"
NAME = rf"[{HAN}]{{2,4}}(?:·[{HAN}]{{1,6}}){{0,2}}"
SPACED_NAME = rf"(?:{NAME}|[{HAN}] [{HAN}]{{1,2}})"
GAP = r"[ \t\u3000、,，/／]"
NAMES = rf"{NAME}(?:{GAP}{{1,3}}(?:(?:特约|实习)?(?:记者|通讯员|实习生)[ :：]?)?{NAME}|{GAP}{{0,3}}(?:通讯员|实习生)[ :：]?{GAP}?{NAME}){{0,9}}"
KIND = r"(?:本报|本网|本台|本刊|见习|实习|特约|全媒体|融媒体|融媒|首席|特派|驻\w{2,6}|[\w·]{2,8}?)?"
# Title words that stand between names; a name that holds one is none.
TITLES = re.compile(r"特约|实习|记者|通讯员|实习生|编辑|摄影|报道|报导|摄|文|图|视频|供稿|作者")
ROLE_WORDS = frozenset(
    [
        "记者",
        "通讯员",
        "实习生",
        "编辑",
        "摄影",
        "作者",
        "摄影报道",
        "报道",
        "报导",
        "供稿",
        "特约",
        "文",
        "图",
    ]
)

IN_BRACKETS = re.compile(
    rf"[(（〔\[【][^)）〕\]】\n]{{0,12}}?记者{GAP}?[:：]?{GAP}?(?P<names>{NAMES})[^)）〕\]】\n]{{0,30}}[)）〕\]】]"
)
AFTER_DATELINE = re.compile(rf"日(?:专?电|讯|消息)\s{{0,3}}[(（](?P<names>{NAMES})[)）]")
LABELLED = re.compile(
    rf"(?:^|[\s(（【|｜丨;；])(?:本报|本网|见习|实习|特约|全媒体|融媒体|首席)?(?:记者|作者|撰文|撰稿|文字|通讯员)\s?[:：丨｜|/／]?\s{{0,3}}(?P<names>{NAMES})"
)
WRITTEN_BY = re.compile(rf"(?:^|[\s(（|｜丨])(?:文|采写|撰文|作者)\s?[/／|｜丨:：]\s?(?P<names>{NAMES})")
ALONE = re.compile(
    rf"^[(（〔【]?(?:本报|本网|本台|本刊|见习|实习|特约|全媒体|融媒体|首席){{0,3}}记者{GAP}{{0,3}}(?P<names>{NAMES})[)）〕】]?$"
)
HEADING_BODY = re.compile(
    rf"^(?:■|□|◎|●|▲)?\s?(?:本报|本网|本台|本刊)(?:\w{{0,4}})?记者{GAP}(?P<names>{NAME}(?:{GAP}{NAME}){{0,3}})(?:$|\s)"
)
ENGLISH = re.compile(
    r"\bBy:? (?P<names>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3}(?:(?:,| and) [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3}){0,4})"
)
EDITOR = re.compile(
    rf"(?:责任编辑|责编|值班编辑|本文编辑|本期编辑|网络编辑|文字编辑|新媒体编辑|编辑|小编)\s?[:：丨｜|/／]\s?(?P<name>{SPACED_NAME}|[A-Za-z]\w{{1,15}})"
    rf"|[(（](?:责任编辑|责编|编辑)\s(?P<inner>{NAME})[)）]"
)


def in_dateline(text: str) -> list[str]:
    """Return the reporters named at the head of a body: in brackets, after the dateline or before the text."""
    for pattern in (IN_BRACKETS, AFTER_DATELINE, HEADING_BODY):
        match = pattern.search(text)
        if match:
            return split_names(match["names"])
    return []


def in_byline(text: str) -> list[str]:
    """Return the reporters that a byline or a credit names."""
    for pattern in (IN_BRACKETS, LABELLED, WRITTEN_BY):
        match = pattern.search(text)
        if match:
            names = split_names(match["names"])
            if names:
                return names
    english = ENGLISH.search(text)
    return re.split(r", | and ", english["names"]) if english else []


def alone(text: str) -> list[str]:
    """Return the reporters of a line that holds nothing else."""
    match = ALONE.match(text)
    return split_names(match["names"]) if match else []


def editor(text: str) -> str | None:
    """Return the editor that a line names."""
    match = EDITOR.search(text)
    name = match and "".join((match["name"] or match["inner"]).split())
    return name if name and not press.is_nobody(name) else None


def split_names(text: str) -> list[str]:
    """Return the single names of a list like `邬天麟 通讯员 郑拾一`, each once."""
    pieces = re.split(rf"{GAP}+|[:：]|(?:特约|实习)?(?:记者|通讯员|实习生)", text)
    names = [
        piece for piece in pieces if piece and not TITLES.fullmatch(piece) and not press.is_nobody(piece)
    ]
    return list(dict.fromkeys(name for name in names if is_person(name)))


def is_person(name: str) -> bool:
    """Tell whether a text can be the name of a person and is no medium's."""
    return bool(re.fullmatch(NAME, name)) and not press.is_medium(name) and name not in ROLE_WORDS
