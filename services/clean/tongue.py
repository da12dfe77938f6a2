"""The language of a page as it came, before its script is folded."""

from __future__ import annotations

import re

HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
ENGLISH = re.compile(r"\b(?:the|of|and|to|in|said)\b", re.IGNORECASE)
# Frequent characters that only one of the two scripts uses.
TRADITIONAL = "國學會來時這個們說對開為與產業發醫藥後點經過現實將當關"
SIMPLIFIED = "国学会来时这个们说对开为与产业发医药后点经过现实将当关"
SAMPLE = 2000
MIN_HAN = 10
ENGLISH_SHARE = 0.05  # of the words of an English text, these six are a tenth and more


def language_of(text: str) -> str | None:
    """Return `zh-Hant`, `zh-Hans`, `en`, or None where it is none of them."""
    sample = text[:SAMPLE]
    words = len(LATIN_WORD.findall(sample))
    if len(HAN.findall(sample)) < max(MIN_HAN, words):
        english = len(ENGLISH.findall(sample)) > ENGLISH_SHARE * words
        return "en" if words and english else None
    traditional = sum(map(sample.count, TRADITIONAL))
    return "zh-Hant" if traditional > sum(map(sample.count, SIMPLIFIED)) else "zh-Hans"
