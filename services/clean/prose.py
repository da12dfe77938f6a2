"""Tell the sentences of an article at a glance, so that most lines need not be held against every pattern."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

MIN_PROSE = 40
# The longest line that any pattern of `data/chrome.yaml` looks at, and a little more.
MAX_LOOKED_AT = 420
SENTENCE_END = ("。", "！", "？", "”", "；", ".", "!", "?")
# A sentence with none of these, and none of the words of data/cues.yaml, is no furniture, credit or caption.
SIGNS = re.compile("[>＞»›→|｜丨△▲▼▽↑⬆★※*©✎=_℃图圖摄攝扫掃]")
LABEL = re.compile("[^:：/／，,。“]{0,24}[:：/／]")


@cache
def _cues() -> re.Pattern[str]:
    """Return the pattern of all cues; each begins with a plain character, which makes the search quick."""
    text = (files("services.clean") / "data" / "cues.yaml").read_text(encoding="utf-8")
    return re.compile("|".join(map(re.escape, yaml.safe_load(text)["words"])))


def is_prose(line: str) -> bool:
    """Tell whether a line can only be a part of the article, whatever stands around it."""
    if len(line) > MAX_LOOKED_AT:
        return True
    if len(line) < MIN_PROSE or not line.endswith(SENTENCE_END):
        return False
    return not (LABEL.match(line) or SIGNS.search(line) or _cues().search(line))
