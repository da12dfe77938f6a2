"""Words of the body with their parts of speech, from rjieba: jieba's algorithm and dictionary in Rust.

The hidden Markov model stays off: it glues function words to unknown names (与 and a name become one), and
the grammar of names needs them apart. Unknown names come out as runs of single characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import accumulate
from typing import NamedTuple, overload

import rjieba

DATA = resources.files("services.extract") / "data"


class Word(NamedTuple):
    """A word at `body[start:end]` with its tag in the ICTCLAS set that jieba uses."""

    start: int
    end: int
    text: str
    tag: str


class Words(Sequence[Word]):
    """The words of a text, end to end. Tags are looked up when they are asked for: few ever are."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.starts = [0, *accumulate(map(len, texts))]

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, index: int) -> Word: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Word, ...]: ...
    def __getitem__(self, index: int | slice) -> Word | tuple[Word, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self.texts))))
        text = self.texts[index]
        start = self.starts[index] if index >= 0 else self.starts[index - 1]
        return Word(start, start + len(text), text, tag_of(text))


def segment(text: str) -> Words:
    """Return the words of `text`."""
    return Words(_segmenter().cut(text, False))


@lru_cache(maxsize=65_536)
def tag_of(word: str) -> str:
    """Return the tag of `word`: the dictionary's, or that of what it is made of."""
    return _segmenter().tag(word, False)[0][1]


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
