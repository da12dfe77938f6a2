"""Words of the body with their parts of speech, from rjieba: jieba's algorithm and dictionary in Rust.

The hidden Markov model stays off: it glues function words to unknown names (与 + 屿衡 becomes one word), and
the grammar of names needs them apart. Unknown names come out as runs of single characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

import rjieba

DATA = resources.files("services.extract") / "data"

# Words of the dictionary that join the end of a name to a title, and the length of the title.
SPLIT = {
    "医院院长": 2,
    "大学校长": 2,
    "银行行长": 2,
    "研究所所长": 2,
    "市委书记": 2,
    "县委书记": 2,
    "省委书记": 2,
}


class Word(NamedTuple):
    """A word at `body[start:end]` with its tag in the ICTCLAS set that jieba uses."""

    start: int
    end: int
    text: str
    tag: str


def segment(text: str) -> tuple[Word, ...]:
    """Return the words of `text`, end to end."""
    words, at = [], 0
    for word, tag in _segmenter().tag(text, False):
        end = at + len(word)
        if word in SPLIT:
            middle = end - SPLIT[word]
            words.append(Word(at, middle, text[at:middle], "n"))
            at, word = middle, text[middle:end]  # noqa: PLW2901 - the second half goes on as the word
        words.append(Word(at, end, word, tag))
        at = end
    return tuple(words)


def tag_of(word: str) -> str | None:
    """Return the tag of `word` where it is one word of the dictionary, else None."""
    return _segmenter().tag(word, False)[0][1] if _segmenter().has_word(word) else None


def read_lines(path: Traversable) -> Iterator[str]:
    """Yield the lines of a data file but comments and empty ones."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.rstrip()


def read_table(path: Traversable) -> Iterator[list[str]]:
    """Yield the cells of each line of a TSV data file."""
    for line in read_lines(path):
        yield line.split("\t")


@cache
def _segmenter() -> rjieba.Jieba:
    segmenter = rjieba.Jieba()
    for line in read_lines(DATA / "user_dict.txt"):
        word, frequency, tag = line.split()
        segmenter.add_word(word, int(frequency), tag)
    return segmenter
