"""Numbers as they are written: 1,286 or 6.8 or 三百 or 两千 or 1.5万, with the scale words behind them."""

from __future__ import annotations

import re
from typing import Final

DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
TENS: Final = {"十": 10, "百": 100, "千": 1000}
SCALES: Final = {"万": 1e4, "亿": 1e8}
ARABIC: Final = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def parse_number(text: str) -> float | None:
    """Return the value of digits, Chinese numerals or a mix with scale words; None where it is no number."""
    text = text.replace("，", ",").replace(" ", "")
    match = ARABIC.match(text)
    if not match:
        return parse_chinese(text)
    factor = scale(text[match.end() :])
    return None if factor is None else round(float(match.group().replace(",", "")) * factor, 6)


def scale(text: str) -> float | None:
    """Return the factor of scale words alone (万 is 10,000, 百万 a million), 1 for none."""
    factor = 1.0
    for char in text:
        if char not in TENS and char not in SCALES:
            return None
        factor *= TENS.get(char) or SCALES[char]
    return factor


def parse_chinese(text: str) -> float | None:
    """Return the value of Chinese numerals (三百二十 is 320, 百亿 is 10,000,000,000, 二〇二五 is 2025)."""
    if not text or any(c not in DIGITS and c not in TENS and c not in SCALES for c in text):
        return None
    if len(text) > 1 and all(c in DIGITS for c in text):
        return float("".join(str(DIGITS[c]) for c in text))
    total = section = digit = 0.0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in TENS:
            section += (digit or 1) * TENS[char]
            digit = 0
        elif char == "亿":
            total = (total + section + digit or 1) * SCALES[char]
            section = digit = 0
        else:
            total += (section + digit or 1) * SCALES[char]
            section = digit = 0
    return total + section + digit
