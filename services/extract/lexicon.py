"""Names that lists know: organisations, places, diseases, devices and drugs, found in one pass."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from schemas.extracted import EntityType
from services.extract.grammar import Found, Text
from services.extract.words import DATA, read_lines, read_table, tag_of

SHORTEST_NAME: Final = 2
LONGEST_HIDDEN: Final = 6  # characters of a name that a false match may hide


class Entry(NamedTuple):
    """What a listed form stands for; `guarded` forms are words too and count only where words fall so.

    Short names of counties are so often words (同仁, 和平) that they count only as the dictionary's places.
    """

    type: EntityType
    canonical: str
    guarded: bool = False
    county: bool = False


def find_listed(text: Text) -> list[Found]:
    """Return the listed names in the text, longest first where several begin."""
    automaton, entries = _automaton()
    found = []
    for start, end, index in automaton.find(text.body):
        entry = entries[index]
        if _fits(text, start, end, entry):
            found.append(Found(start, end, entry.type, entry.canonical, "lexicon"))
        else:
            found += _behind(text, start, end)
    return found


def _behind(text: Text, start: int, end: int) -> list[Found]:
    """Return the listed names that a false one at body[start:end] stood in the way of: 同德 in 同德国合作."""
    automaton, entries = _automaton()
    hits = automaton.find(text.body[start + 1 : end + LONGEST_HIDDEN])
    at = [(start + 1 + s, start + 1 + e, entries[i]) for s, e, i in hits if start + 1 + s < end]
    return [Found(s, e, n.type, n.canonical, "lexicon") for s, e, n in at if e > end and _fits(text, s, e, n)]


def listed(name: str) -> Entry | None:
    """Return what a form stands for where a list has it."""
    return _entries().get(name)


def _fits(text: Text, start: int, end: int, entry: Entry) -> bool:
    if text.body[start].isascii():
        return not (_latin(text.body, start - 1) or _latin(text.body, end))
    if entry.type is EntityType.ORG:
        return end in text.boundaries
    if entry.type is not EntityType.PLACE:
        return True
    if entry.county and tag_of(text.body[start:end]) != "ns":
        return False
    return _falls_on_words(text, start, end, entry.guarded)


def _falls_on_words(text: Text, start: int, end: int, guarded: bool) -> bool:
    """Whether a place stands as a word of its own, or as characters that the dictionary joins to nothing."""
    word = text.words[text.word_index(start)]
    if word.start != start:
        return end - start > SHORTEST_NAME or text.body[end - 1] == "国"
    if word.end >= end:
        return word.tag[0] == "n" and (word.tag != "n" or not guarded)
    return (end in text.boundaries or end - start > SHORTEST_NAME) and (len(word.text) == 1 or not guarded)


def _latin(body: str, position: int) -> bool:
    return 0 <= position < len(body) and body[position].isascii() and body[position].isalnum()


@cache
def _automaton() -> tuple[CharwiseDoubleArrayAhoCorasick, list[Entry]]:
    entries = _entries()
    automaton = CharwiseDoubleArrayAhoCorasick(list(entries), match_kind=MATCH_KIND_LEFTMOST_LONGEST)
    return automaton, list(entries.values())


@cache
def _entries() -> dict[str, Entry]:
    folder = DATA / "lexicon"
    entries: dict[str, Entry] = {}
    for name, level, short in (row + [""] * (3 - len(row)) for row in read_table(folder / "divisions.tsv")):
        entries[name] = Entry(EntityType.PLACE, name)
        if short:
            entries.setdefault(short, Entry(EntityType.PLACE, name, guarded=True, county=level == "county"))
    for name in read_lines(folder / "places.txt"):
        entries[name] = Entry(EntityType.PLACE, name, guarded=True)
    for file, entity_type in (("diseases.txt", EntityType.DISEASE), ("devices.txt", EntityType.DEVICE)):
        for line in read_lines(folder / file):
            names = line.split("=")
            entries |= {name: Entry(entity_type, names[0]) for name in names}
    for file, entity_type in (("organisations.tsv", EntityType.ORG), ("drugs.tsv", EntityType.DRUG)):
        for row in read_table(folder / file):
            names = [row[0], *(row[1].split(",") if len(row) > 1 and row[1] else [])]
            entries |= {name: Entry(entity_type, row[0]) for name in names}
    return entries
