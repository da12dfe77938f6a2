"""Names in English pages: persons with their titles, places, and companies called by their first word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from schemas.extracted import EntityType, Person
from services.extract.grammar import Found

SHORTEST_FIRST_WORD: Final = 5
HEAD: Final = 400  # code points that tell the language of a page
NAME: Final = r"[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){1,2}"
OFFICE: Final = (
    r"(?:vice |deputy |co-|executive |managing |former |senior |non-executive ){0,3}"
    r"(?:chief [a-z]{3,20} officer|chief executive|chairman|chairwoman|chair|president|director|professor"
    r"|adviser"
    r"|advisor|analyst|founder|spokesman|spokeswoman|head|minister|secretary|manager|partner|scientist|radiochemist"
    r"|oncologist|physician|investigator)"
)
TITLE_FIRST: Final = re.compile(rf"(?P<titles>{OFFICE}(?: and {OFFICE})*),? (?P<name>{NAME})")
NAME_FIRST: Final = re.compile(rf"(?P<name>{NAME}), (?:an? |the )?(?P<titles>{OFFICE}[^.,;\"“”]{{0,120}})")
HIRED: Final = re.compile(
    rf"(?:hired|appointed|named|recruited|promoted) (?P<name>{NAME})(?:, [^,.]{{2,60}},)? "
    rf"(?:as|to be) (?:its |the )?(?P<titles>{OFFICE})"
)
PART: Final = re.compile(
    r"(?:an? |the )?(?P<title>.+?)"
    r"(?: (?:at|to|for|of|with) (?:the )?(?P<org>(?:[A-Z][\w&.-]*)(?: [A-Z][\w&.-]*)*|hospital|company))?$"
)
ITS: Final = frozenset({"hospital", "company"})
PLACE: Final = re.compile(
    r"\b(?:in|from|outside|near|of) (?P<place>[A-Z][a-z]{2,}(?: [A-Z][a-z]+)?)\b"
    r"|\b(?P<owner>[A-Z][a-z]{3,})'s (?=[A-Z])"
)
NO_PLACE: Final = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December|Phase|Series|Monday|Tuesday|"
    r"Wednesday|Thursday|Friday|Saturday|Sunday|The|It|He|She|China|Chinese)\b"
)


def is_english(body: str) -> bool:
    """Whether a page is written in English."""
    head = body[:HEAD]
    return sum(char.isascii() and char.isalpha() for char in head) * 2 > len(head)


def find_english_persons(body: str, institutions: Sequence[Found]) -> list[Person]:
    """Return a row for each person and title of an English page."""
    persons: list[Person] = []
    for pattern in (TITLE_FIRST, NAME_FIRST, HIRED):
        for match in pattern.finditer(body):
            for part in match["titles"].split(" and "):
                reading = PART.match(part.strip())
                if reading and not any(
                    p.name == match["name"] and p.title == reading["title"] for p in persons
                ):
                    persons.append(_person(body, institutions, match, reading))
    return sorted(persons, key=lambda p: p.start)


def _person(body: str, institutions: Sequence[Found], match: re.Match[str], reading: re.Match[str]) -> Person:
    org = reading["org"]
    if org is None or org in ITS:
        before = [i for i in institutions if i.end <= match.start() and i.type is EntityType.ORG]
        org = body[before[-1].start : before[-1].end] if before else None
    if reading["title"].startswith("former "):
        org = reading["org"]
    start, end = match.span("name")
    return Person(
        start=start, end=end, name=match["name"], title=reading["title"], org=org, evidence=match.group()
    )


def find_english_places(body: str, taken: Sequence[tuple[int, int]]) -> list[Found]:
    """Return the places of an English page outside of the spans that are `taken`."""
    found = []
    for match in PLACE.finditer(body):
        group = "place" if match["place"] else "owner"
        start, end = match.span(group)
        if not NO_PLACE.match(match[group]) and not any(s < end and start < e for s, e in taken):
            found.append(Found(start, end, EntityType.PLACE))
    return found


def first_words(body: str, institutions: Sequence[Found]) -> list[tuple[Found, Found]]:
    """Return the pairs (full name, first word) of companies that the page also calls by their first word."""
    pairs = []
    for found in institutions:
        word = body[found.start : found.end].split(" ", 1)[0]
        if len(word) < SHORTEST_FIRST_WORD or not word.isascii():
            continue
        alone = re.search(rf"\b{re.escape(word)}\b(?! [A-Z])", body)
        if alone and len(word) < found.end - found.start:
            pairs.append((found, Found(*alone.span(), EntityType.ORG, basis="definition")))
    return pairs
