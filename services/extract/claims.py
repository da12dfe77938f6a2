"""Firsts and superlatives, with the scope that they claim: 全省首支, 国内首个 (data/claims.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from schemas.extracted import Claim
from services.extract.mentions import Mentions

LOOK_BACK = 24  # characters before a first in which its scope stands
MAX_GAP = 12  # characters between scope and first: 该院在全省范围内独一无二
CLAUSE_MARKS = re.compile(r"[，,。；;！!？?：:\n、“”《》（）()]")
# The thing claimed, up to the end of its phrase.
TAIL = re.compile(r"[^，,。；;！!？?：:\n”和与、]{0,30}")
FILLED_GAP = re.compile(r"填补了?[^，,。；;！!？?：:\n]{0,14}空白")
# Backwards from the word, so that no other place of the text is tried: 确立市场唯一性.
EXCLUSIVE_LEAD = re.compile(r"[^，,。；;、：:\n了]{2,10}$")
EXCLUSIVE = "唯一性"
SINCE = re.compile(
    r"(?:成立|设立|创办|建院|建校|举办)[^，。；\n]{0,8}年来(?:第一次|首次|首回)[^，,。；;\n]{0,20}"
)
LOCAL = re.compile(r"(?:是|为|成为)([\u4e00-\u9fff]{2,4})$")
ENGLISH = re.compile(
    r"the (?:first|largest|only|biggest) "
    r"(?!patient|person|half|quarter|time|phase|year|batch|site|step|dose)[^,.;\n\"”]{6,90}"
)
ENGLISH_SCOPE = re.compile(
    r"\b(Chinese|China|Europe|European|Asia|Asian|world|United States|American|Japan)\b"
)


class _Patterns(NamedTuple):
    first: re.Pattern[str]
    scope: re.Pattern[str]
    ordinal: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    text = (files("services.extract") / "data" / "claims.yaml").read_text(encoding="utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    ordinal = rf"(?:首|第一|头一)[{words['counters']}]"
    places = r"(?:(?![是为的在了和与成全有])[\u4e00-\u9fff]){2,4}?(?:省|市|县|区|沿海|地区)"
    refused = "".join(f"(?!{word})" for word in words["not_scopes"])
    longest_first = sorted(words["scopes"], key=len, reverse=True)
    return _Patterns(
        first=re.compile(f"{ordinal}|{'|'.join(words['firsts'])}"),
        scope=re.compile(f"{refused}(?:{'|'.join(longest_first)}|{places})"),
        ordinal=re.compile(ordinal),
    )


def find_claims(mentions: Mentions) -> list[Claim]:
    """Return every first and superlative of the body with its scope, in order; none twice."""
    body = mentions.body
    found = [claim for match in _patterns().first.finditer(body) if (claim := _claim(body, match))]
    found += [_whole(match) for pattern in (FILLED_GAP, SINCE) for match in pattern.finditer(body)]
    found += _exclusive(body)
    found += [_english(match) for match in ENGLISH.finditer(body)]
    kept: list[Claim] = []
    for claim in sorted(found, key=lambda claim: (claim.start, -claim.end)):
        if not kept or claim.start >= kept[-1].end:
            kept.append(claim)
    return kept


def _claim(body: str, first: re.Match[str]) -> Claim | None:
    """Return the claim around a first, or None where no scope stands before it."""
    lead = CLAUSE_MARKS.split(body[max(0, first.start() - LOOK_BACK) : first.start()])[-1]
    scopes = [m for m in _patterns().scope.finditer(lead) if len(lead) - m.end() <= MAX_GAP]
    counted = _patterns().ordinal.match(first.group()) and first.group()[-1] not in "次回"
    local = LOCAL.search(lead) if counted and not scopes else None
    if not scopes and local is None:
        return None
    scope, at = (
        (scopes[-1].group(), scopes[-1].start()) if scopes else (_name(local), len(lead) - len(_name(local)))
    )
    start = first.start() - len(lead) + at
    tail = TAIL.match(body, first.end())
    text = body[start : tail.end() if tail else first.end()].rstrip("的 ”」")
    return Claim(start=start, end=start + len(text), text=text, scope=scope)


def _name(match: re.Match[str] | None) -> str:
    return match[1] if match else ""


def _exclusive(body: str) -> Iterator[Claim]:
    at = body.find(EXCLUSIVE)
    while at >= 0:
        end = at + len(EXCLUSIVE)
        if lead := EXCLUSIVE_LEAD.search(body[max(0, at - LOOK_BACK) : at]):
            start = at - len(lead.group())
            yield Claim(start=start, end=end, text=body[start:end], scope=None)
        at = body.find(EXCLUSIVE, end)


def _whole(match: re.Match[str]) -> Claim:
    scope = _patterns().scope.search(match.group())
    return Claim(
        start=match.start(), end=match.end(), text=match.group(), scope=scope.group() if scope else None
    )


def _english(match: re.Match[str]) -> Claim:
    scope = ENGLISH_SCOPE.search(match.group())
    return Claim(start=match.start(), end=match.end(), text=match.group(), scope=scope[1] if scope else None)
