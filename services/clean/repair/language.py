"""How likely a piece of Chinese is: the unigram model of jieba's dictionary, through rjieba."""

from __future__ import annotations

from functools import cache, lru_cache
from math import log

import rjieba

TOTAL = 60_101_967  # sum of the frequencies in jieba 0.42.1's dictionary
# The dictionary has no punctuation. Frequencies on its scale, counted in round figures in news of our own.
SIGNS = {
    **dict.fromkeys("，,", 3_000_000),
    **dict.fromkeys("。", 1_500_000),
    **dict.fromkeys("、", 900_000),
    **dict.fromkeys("“”（）()", 250_000),
    **dict.fromkeys("：；:;《》？！?!", 120_000),
    **dict.fromkeys("‘’【】—·…", 30_000),
}
UNKNOWN = 0.05  # frequency of a character or sign that the dictionary does not have
RARE = 3  # frequency below which a word of the dictionary is no evidence
ASCII_WORD = 3_000.0  # of any run of Latin letters and digits
ASCII_SIGN = 30_000.0
CACHED = 32_768  # words whose likelihood is remembered


@cache
def _segmenter() -> rjieba.Jieba:
    """Return the segmenter; it is loaded (.1 s, 60 MB) by the first page that is damaged, not before."""
    return rjieba.Jieba()


def words(text: str) -> list[str]:
    """Return the likeliest segmentation into words of the dictionary."""
    pieces: list[str] = _segmenter().cut(text, hmm=False)
    return pieces


def is_word(text: str) -> bool:
    """Return whether the dictionary has `text` as a word that is in use."""
    return _segmenter().has_word(text) and _frequency(text) >= RARE


def likelihood(text: str) -> float:
    """Return the natural logarithm of the probability of the likeliest segmentation."""
    return sum(map(_logarithm, words(text)))


@lru_cache(CACHED)
def _logarithm(word: str) -> float:
    return log(_frequency(word) / TOTAL)


def _frequency(word: str) -> float:
    if word in SIGNS:
        return SIGNS[word]
    if word.isascii():
        return ASCII_WORD if word.isalnum() else ASCII_SIGN
    segmenter = _segmenter()
    return max(segmenter.suggest_freq(word) - 1, UNKNOWN) if segmenter.has_word(word) else UNKNOWN
