"""The names in a body: what lists know, what the grammar finds, who bears which title, one entity each.

Nuclides and codes are taken first, so that no word tears them apart; a longer name takes the place of the
shorter within it; short forms are traced back to the names that they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from schemas.base import Span
from schemas.extracted import Entity, EntityType, Person
from services.extract.aliases import find_definitions
from services.extract.drugs import find_drugs
from services.extract.english import find_english_persons, find_english_places, first_words, is_english
from services.extract.entities import group
from services.extract.facilities import find_facilities
from services.extract.grammar import Found, Text, without_lead
from services.extract.lexicon import find_listed
from services.extract.lost import whole
from services.extract.nuclides import find_nuclides
from services.extract.organisations import find_organisations, longest
from services.extract.persons import find_persons
from services.extract.places import find_places
from services.extract.spans import Spans
from services.extract.words import Words

BODY: Final = re.compile("(?:医院|大学|学院|研究院|研究所|公司|集团|中心)$")
TITLE_BEHIND: Final = re.compile("副?主任|主管|负责人|护士长|团队")
MODEL: Final = re.compile(r"(?:[A-Z]{1,4}|[一-鿿]{2})-\d{1,3}[A-Z]?型$")
MODEL_LENGTH: Final = 10


def find_names(body: str, words: Words) -> tuple[list[Person], list[Entity]]:
    """Return the persons with their titles, and the entities with all their mentions."""
    text = Text(body, words)
    nuclides = [Found(n.start, n.end, EntityType.NUCLIDE, n.id) for n in whole(body, find_nuclides(body))]
    drugs, codes = find_drugs(text, nuclides)
    listed = find_listed(text)
    institutions = separate(text, [*find_organisations(text), *find_facilities(text), *_institutions(listed)])
    institutions, definitions = find_definitions(text, institutions)
    if is_english(body):
        return _english(text, [*nuclides, *drugs], institutions, listed, [*definitions, *codes])
    persons, employers = find_persons(text, institutions)
    institutions = longest([*institutions, *employers])
    places = find_places(text, listed, institutions, _every_mention(body, persons))
    things = find_things(text, listed, institutions)
    found = [*nuclides, *drugs, *institutions, *places, *things]
    return persons, group(text, found, [*definitions, *codes])


def _every_mention(body: str, persons: Sequence[Person]) -> list[Span]:
    """Return where the persons are named, so that no part of a name is taken for a place."""
    names = {person.name for person in persons}
    return [Span(start=m.start(), end=m.end()) for name in names for m in re.finditer(re.escape(name), body)]


def _english(
    text: Text,
    substances: Sequence[Found],
    institutions: Sequence[Found],
    listed: Sequence[Found],
    pairs: Sequence[tuple[Found, Found]],
) -> tuple[list[Person], list[Entity]]:
    persons = find_english_persons(text.body, institutions)
    taken = [(f.start, f.end) for f in (*substances, *institutions)] + [(p.start, p.end) for p in persons]
    short = first_words(text.body, institutions)
    places = find_english_places(text.body, [*taken, *((f.start, f.end) for _, f in short)])
    places = [
        p
        for p in places
        if not any(text.body[p.start : p.end] == text.body[f.start : f.end] for _, f in short)
    ]
    found = [
        *substances,
        *institutions,
        *(f for _, f in short),
        *places,
        *find_things(text, listed, institutions),
    ]
    return persons, group(text, found, [*pairs, *short])


def separate(text: Text, found: Sequence[Found]) -> list[Found]:
    """Return the institutions, longest first, a facility apart from the organisation that it belongs to.

    某医院核医学中心 is the hospital and its centre; before a title (主任) it is a department, no site.
    """
    orgs = longest([f for f in found if f.type is EntityType.ORG])
    bodies = {o.start: o for o in orgs if BODY.search(text.body, o.start, o.end)}
    parts = []
    for facility in (f for f in found if f.type is EntityType.FACILITY):
        owner = bodies.get(facility.start)
        if owner is None or owner.end >= facility.end - 2:
            parts.append(facility)
        elif not TITLE_BEHIND.match(text.body, facility.end):
            parts.append(facility._replace(start=without_lead(text, owner.end, facility.end)))
    sites = Spans((p.start, p.end) for p in longest(parts))
    return longest([*(o for o in orgs if not sites.cover(o.start, o.end)), *parts])


def find_things(text: Text, listed: Sequence[Found], institutions: Sequence[Found]) -> list[Found]:
    """Return the diseases and devices, a device with its model (AB-18型回旋加速器)."""
    things = []
    owners = Spans((i.start, i.end) for i in institutions)
    for thing in listed:
        if thing.type not in {EntityType.DISEASE, EntityType.DEVICE} or owners.cover(thing.start, thing.end):
            continue
        model = MODEL.search(text.body, max(0, thing.start - MODEL_LENGTH), thing.start)
        things.append(thing._replace(start=model.start(), canonical=None) if model else thing)
    return things


def _institutions(listed: Sequence[Found]) -> list[Found]:
    return [found for found in listed if found.type is EntityType.ORG]
