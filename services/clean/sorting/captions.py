"""Tell the captions of pictures, those too that were glued to the paragraph behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.clean.sorting.chrome import SLACK, folded, furniture_of

CREDIT = r"(?:供图|摄影|摄|图源|制图)"
MAX_CAPTION = 110
MAX_SHORT = 45
SENTENCE_END = tuple('。！？；：!?;:”"')
STARTS = re.compile(
    # With more than one sentence they are items of a list.
    r"[△▲▼▽↑⬆][^。]{2,80}(?:。[^。]{0,24})?"
    r"|(?:图为|图片为|上图|下图|左图|右图|图片说明|图注|资料图|资料图片|视频截图|图片来源|图源|配图)[^。]*(?:。[^。]{0,24})?"
    r"|图 ?\d{0,2} ?[::.、 ].{2,}"
    r"|图/.{2,}|摄影?[:/].{2,}"
)
ENDINGS = ("图", "摄", "影", "源", "片", ")", "）")
ENDS = re.compile(
    rf".{{2,}}[\s。:(/,]\S{{0,24}} ?{CREDIT}\)?"
    r"|.{4,40}(?:效果图|示意图|资料图片?|现场图|航拍图|截图|合影)"
    r"|.{4,}\((?:资料图片?|图片来源|图源|图片由|照片由).{0,24}\)"
)
# The first sentence of a line, then who gave the picture, then at once the paragraph. 摄 stands apart from
# the name before it, for in this field most of what is 摄 is 摄取, uptake.
GLUED = re.compile(
    r"(?:(?:图为|资料图片?|△|▲)[^。]{2,70}|[^。！？“”]{4,70})[。 \u3000][ \u3000]*(?:图片?[:：/])?"
    r"[^。，,；;：:！？“”\s]{2,24}(?:[ \u3000]+[^。，,；;：:！？“”\s]{1,8}){0,2}"
    r"(?:[ \u3000]?供图|[ \u3000](?:摄影|摄)(?![取入氏像制食影]))"
    r"(?=[^\s。，,；;：:！？)）]{2})"
)
FULL_DATE = re.compile(r"(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日)?")


def is_caption(line: str, *, after_picture: bool = False) -> bool:
    """Return whether a whole line is a caption; right behind a picture's name less is asked for."""
    if len(line) > MAX_CAPTION + SLACK:
        return False
    plain = folded(line)
    if len(plain) > MAX_CAPTION:
        return False
    if STARTS.fullmatch(plain) or (plain.endswith(ENDINGS) and ENDS.fullmatch(plain)):
        return True
    if not after_picture or len(plain) > MAX_SHORT:
        return False
    return not line.rstrip().endswith(SENTENCE_END) or FULL_DATE.match(plain) is not None


def shown(lines: Iterable[str]) -> list[str]:
    """Return what stands under pictures and tells of them, each once; not `scan the code` and the like."""
    return list(dict.fromkeys(line for line in lines if line.strip() and not furniture_of(line)))


def glued_caption(paragraph: str) -> int:
    """Return where the paragraph begins behind a caption that was glued to its front, 0 where none is."""
    match = GLUED.match(paragraph) if "摄" in paragraph or "供图" in paragraph else None
    return match.end() if match else 0
