"""Sentences and clauses of a body, with their offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

# A sentence ends at its mark (with closing quotes), at a line's end, or at a full stop before a capital.
SENTENCE_MARK = re.compile(r"[。！？!?.][。！？!?”」』\"]*")
ENGLISH_END = re.compile(r"\s+[A-Z“\"]")
CLAUSE_MARK = re.compile(r"[，；：。！？!?\n;,:]")
THOUSANDS = re.compile(r"\d{3}(?!\d)")
SEGMENT_MARKS = "；;"
QUESTION_MARKS = ("？", "?")
ANSWER = re.compile(r"(?:答|回复|A\d{0,2})\s*[：:]")
QUESTION_PREFIX = re.compile(r"\s*(?:提问|问|投资者提问|Q)\d{0,2}\s*[：:]")

SCENE = re.compile(r"(?:把|将)?(?:时间|时针|日历|镜头)[^，。]{0,4}(?:回|到)[^，。]{2,16}。?$")
MAX_HEADING = 15  # characters, with the mark
MAX_SENTENCE = 600  # characters; what runs on is cut, so that no page makes the reading slow


@dataclass(frozen=True)
class Sentence:
    """One sentence: `body[start:end]`, its clauses as spans, and the paragraph it stands in."""

    start: int
    end: int
    body: str
    paragraph: tuple[int, int]
    is_question: bool
    after_scene: bool  # the sentence before does no more than set the time: 时间回到2022年5月。
    is_heading: bool  # a few words that open a paragraph: 设备中标。

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """The clauses as spans, end to end."""
        return _clauses(self.body, self.start, self.end)

    def clause_at(self, position: int) -> int:
        """Return the number of the clause that holds `position`."""
        for number, (_, end) in enumerate(self.clauses):
            if position < end:
                return number
        return len(self.clauses) - 1


def _clauses(body: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    spans, at = [], start
    for match in CLAUSE_MARK.finditer(body, start, end):
        if body[match.start()] in ",:" and _inside_number(body, match.start()):
            continue
        if match.end() > at:
            spans.append((at, match.end()))
        at = match.end()
    if at < end:
        spans.append((at, end))
    return tuple(spans)


def _inside_number(body: str, mark: int) -> bool:
    """Return whether a comma or colon belongs to a number: 3,600, 14:30."""
    if not body[mark - 1 : mark].isdigit():
        return False
    return (
        body[mark + 1 : mark + 2].isdigit()
        if body[mark] == ":"
        else THOUSANDS.match(body, mark + 1) is not None
    )


def split(body: str) -> list[Sentence]:
    """Return the sentences of `body` in order; every character but line feeds belongs to one."""
    sentences: list[Sentence] = []
    at = 0
    while at < len(body):
        newline = body.find("\n", at)
        paragraph = (at, len(body) if newline < 0 else newline)
        sentences += _paragraph(body, paragraph)
        at = paragraph[1] + 1
    return sentences


def _ends(body: str, mark: re.Match[str]) -> bool:
    """Return whether the mark ends a sentence: a full stop only before a capital, and not after one."""
    start = mark.start()
    if body[start] != ".":
        return True
    last = body[start - 1 : start]
    return (last.islower() or last.isdigit() or last in ')”"') and ENGLISH_END.match(
        body, mark.end()
    ) is not None


def _bounded(start: int, ends: list[int]) -> list[int]:
    """Return the ends with cuts added wherever a sentence would be longer than MAX_SENTENCE."""
    bounded: list[int] = []
    for end in ends:
        bounded += range(start + MAX_SENTENCE, end, MAX_SENTENCE)
        bounded.append(end)
        start = end
    return bounded


def _paragraph(body: str, paragraph: tuple[int, int]) -> list[Sentence]:
    at, stop = paragraph
    marks = [match.end() for match in SENTENCE_MARK.finditer(body, at, stop) if _ends(body, match)]
    ends = _bounded(at, [*marks, stop])
    asked = QUESTION_PREFIX.match(body, at, stop) is not None and ANSWER.search(body, at, stop) is None
    found: list[Sentence] = []
    scene = False
    for end in ends:
        if end > at:
            text = body[at:end].rstrip('”」』" ')
            question = asked or text.endswith(QUESTION_MARKS)
            heading = at == paragraph[0] and end < stop and len(text) <= MAX_HEADING
            found.append(Sentence(at, end, body, paragraph, question, scene, heading))
            scene = SCENE.match(text) is not None
        at = end
    return found
