"""The language and the script of a page as it came, before its script is folded."""

from __future__ import annotations

import re
from dataclasses import dataclass

HAN = re.compile(r"[\u3400-\u9fff]+")
KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]+")
HANGUL = re.compile(r"[\uac00-\ud7a3]+")
CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}")
ENGLISH = re.compile(r"\b(?:the|of|and|to|in|said)\b", re.IGNORECASE)
# Frequent characters that only one of the two scripts uses.
TRADITIONAL = re.compile("[國學會來時這個們說對開為與產業發醫藥後點經過現實將當關]")
SIMPLIFIED = re.compile("[国学会来时这个们说对开为与产业发医药点经过现实将当关]")
SAMPLE = 500
MIN_HAN = 10
KANA_SHARE = 0.15  # of kana and Chinese characters: Japanese prose has about .5, Chinese that quotes it .0
ENGLISH_SHARE = 0.05  # of the words of an English text, these six are a tenth and more


@dataclass(frozen=True, slots=True)
class Tongue:
    """`language`: BCP 47. `script`: ISO 15924. None where a text is too short or none of those known."""

    language: str | None = None
    script: str | None = None


def tongue_of(text: str) -> Tongue:
    """Return the language and the script of a text."""
    sample = text[:SAMPLE]
    words, han, kana = len(LATIN_WORD.findall(sample)), _count(HAN, sample), _count(KANA, sample)
    if kana + han >= max(MIN_HAN, words):
        if kana > KANA_SHARE * (kana + han):
            return Tongue("ja", "Jpan")
        script = "Hant" if _count(TRADITIONAL, sample) > _count(SIMPLIFIED, sample) else "Hans"
        return Tongue(f"zh-{script}", script) if han >= _count(HANGUL, sample) else Tongue("ko", "Kore")
    if _count(HANGUL, sample) >= max(MIN_HAN, words):
        return Tongue("ko", "Kore")
    if _count(CYRILLIC, sample) >= max(MIN_HAN, words):
        return Tongue(None, "Cyrl")
    english = len(ENGLISH.findall(sample)) > ENGLISH_SHARE * words
    return Tongue("en" if words and english else None, "Latn" if words else None)


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(map(len, pattern.findall(text)))
