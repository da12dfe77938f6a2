"""The names in a body: what lists know, what the grammar of names finds, who bears which title, and one entity each.

The order matters: nuclides and codes are taken first, so that no word tears them apart; a longer name takes the
place of the shorter within it; short forms are traced back to the names that they stand for.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.extracted import Entity, EntityType, Person
from services.extract.aliases import find_definitions
from services.extract.drugs import find_drugs
from services.extract.entities import group
from services.extract.facilities import find_facilities
from services.extract.grammar import Found, Text
from services.extract.lexicon import find_listed
from services.extract.nuclides import find_nuclides
from services.extract.organisations import find_organisations, longest
from services.extract.persons import find_persons
from services.extract.places import find_places
from services.extract.words import Word


def find_names(body: str, words: Sequence[Word]) -> tuple[list[Person], list[Entity]]:
    """Return the persons with their titles, and the entities with all their mentions."""
    text = Text(body, words)
    nuclides = [Found(n.start, n.end, EntityType.NUCLIDE, n.id) for n in find_nuclides(body)]
    drugs, codes = find_drugs(text, nuclides)
    listed = find_listed(text)
    institutions = longest([*find_organisations(text), *find_facilities(text), *_institutions(listed)])
    institutions, definitions = find_definitions(text, institutions)
    persons, employers = find_persons(text, institutions)
    institutions = longest([*institutions, *employers])
    places = find_places(text, listed, institutions)
    things = [
        f
        for f in listed
        if f.type in {EntityType.DISEASE, EntityType.DEVICE} and not _inside(f, institutions)
    ]
    found = [*nuclides, *drugs, *institutions, *places, *things]
    return persons, group(text, found, [*definitions, *codes])


def _institutions(listed: Sequence[Found]) -> list[Found]:
    return [found for found in listed if found.type is EntityType.ORG]


def _inside(found: Found, others: Sequence[Found]) -> bool:
    return any(o.start <= found.start and found.end <= o.end for o in others)
