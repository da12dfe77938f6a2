"""Firsts and superlatives, with the scope that they claim: 全省首支, 国内首个, 全国最大的."""

from __future__ import annotations

import re

from schemas.extracted import Claim
from services.extract.mentions import Mentions

# Where a first is claimed to be first.
SCOPE = (
    r"(?:全球|全世界|世界|国际(?!医院|机场|合作|会议|学术|医疗)|亚洲|亚太|欧洲|全欧洲|北美|东南亚|人类|国内|全国|我国|中国|本国|全台|全港|本港|台湾|香港|全省|省内|全市|市内|全县|"
    r"同行业|行业|业内|西南|西北|东北|华南|华东|华中|华北|西部|中西部|中部|东部沿海|东部|长三角|大湾区|京津冀|川渝|云嘉南沿海|"
    r"[\u4e00-\u9fff]{2,4}(?:省|市|县|区|沿海|地区)|四川|重庆|上海|北京|广东|江苏|浙江|山东|安徽|湖南|湖北|河南|河北|福建|江西|陕西|"
    r"甘肃|辽宁|吉林|黑龙江|云南|贵州|广西|海南|山西|内蒙古|宁夏|青海|新疆|西藏|天津)"
)
FIRST = r"(?:首[个家支条款台座例部份次批只艘套家类所创单]|第一[个家支条款台座例部份次批只艘套所处]|头一[个家支条款台座例部份次回]|唯一|独家|最[大早多高先强快长全优新]|领先|一流|率先|榜首|首屈一指|屈指可数|独一无二|一枝独秀|并不多见|不多见|绝无仅有)"
CLAIM = re.compile(
    rf"(?P<scope>{SCOPE})(?:[^，,。；;！!？?：:\n、“”《》（）()]{{0,12}}?)(?P<first>{FIRST})[^，,。；;！!？?：:\n”和与、]{{0,30}}"
)
GAP = re.compile(rf"(?:填补了?)(?P<scope>{SCOPE})?[^，,。；;！!？?：:\n]{{0,12}}空白")
SINCE = re.compile(
    r"(?:成立|设立|创办|建院|建校|举办)[^，。；\n]{0,8}年来(?P<scope>)(?:第一次|首次|首回)[^，,。；;\n]{0,20}"
)
LOCAL = re.compile(
    r"(?:是|为|成为)(?P<scope>[\u4e00-\u9fff]{2,4}?)(?:第一|首)[台个家座支条款例处][^，,。；;！!\n”]{2,30}"
)
ENGLISH = re.compile(
    r"the (?:first|largest|only|biggest) (?!patient|person|half|quarter|time|phase|year|batch|site|step|dose)[^,.;\n\"”]{6,90}"
)
ENGLISH_SCOPE = re.compile(
    r"\b(Chinese|China|Europe|European|Asia|Asian|world|United States|American|Japan)\b"
)


def find_claims(mentions: Mentions) -> list[Claim]:
    """Return every first and superlative of the body with its scope, in order."""
    body = mentions.body
    found = [_claim(match) for pattern in (CLAIM, GAP, SINCE, LOCAL) for match in pattern.finditer(body)]
    found += [_english(match) for match in ENGLISH.finditer(body)]
    kept: list[Claim] = []
    for claim in sorted(found, key=lambda claim: (claim.start, -claim.end)):
        if not kept or claim.start >= kept[-1].end:
            kept.append(claim)
    return kept


def _claim(match: re.Match[str]) -> Claim:
    text = match.group().rstrip("的 ”」")
    return Claim(start=match.start(), end=match.start() + len(text), text=text, scope=match["scope"])


def _english(match: re.Match[str]) -> Claim:
    scope = ENGLISH_SCOPE.search(match.group())
    return Claim(start=match.start(), end=match.end(), text=match.group(), scope=scope[1] if scope else None)
