"""Whether records may change from one JSON Schema to another without breaking who reads and who writes.

A consumer built against the released schema must be able to read what is written today, and today's code must
be able to read what is still on the topics. So nothing may vanish, change its type, lose a value that writers
may still send, or become (or cease to be) required.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
MAX_DEPTH = 12  # no model nests deeper; ends the walk where one refers to itself


@dataclass(frozen=True)
class Place:
    """What a schema allows at one path."""

    types: frozenset[str]
    values: frozenset[str]
    required: bool


def breaks(old: Json, new: Json) -> list[str]:
    """Return what an old reader, or a reader of old records, would trip over; empty where nothing."""
    before, after = places(old), places(new)
    added = [
        f"{path}: is new and required, records already written lack it"
        for path in after.keys() - before.keys()
        if after[path].required and _parent(path) in before
    ]
    return sorted(
        added + [why for path, place in before.items() for why in _changes(path, place, after.get(path))]
    )


def places(schema: Json) -> dict[str, Place]:
    """Return {path: what is allowed there}; `[]` stands for the members of an array."""
    return dict(_walk(schema, schema.get("$defs", {}), "", required=True, depth=0))


def _parent(path: str) -> str:
    """Return what a path stands in: of `.a[]` the array `.a`, of `.a.b` the object `.a`."""
    return path.removesuffix("[]") if path.endswith("[]") else path.rpartition(".")[0]


def _changes(path: str, old: Place, new: Place | None) -> Iterator[str]:
    if new is None:
        yield f"{path}: vanished"
        return
    if old.types != new.types:
        yield f"{path}: type changed from {'/'.join(sorted(old.types))} to {'/'.join(sorted(new.types))}"
    for value in sorted(old.values - new.values):
        yield f"{path}: value {value} vanished"
    if new.required and not old.required:
        yield f"{path}: became required, records already written may lack it"
    if old.required and not new.required:
        yield f"{path}: is no longer required, readers rely on it"


def _walk(
    schema: Json, definitions: Json, path: str, *, required: bool, depth: int
) -> Iterator[tuple[str, Place]]:
    parts = list(_alternatives(schema, definitions))
    yield (
        path,
        Place(
            types=frozenset(str(p.get("type", "any")) for p in parts),
            values=frozenset(str(v) for p in parts for v in p.get("enum", [])),
            required=required,
        ),
    )
    if depth == MAX_DEPTH:
        return
    for part in parts:
        for name, child in part.get("properties", {}).items():
            needed = name in part.get("required", [])
            yield from _walk(child, definitions, f"{path}.{name}", required=needed, depth=depth + 1)
        if isinstance(part.get("items"), dict):
            yield from _walk(part["items"], definitions, f"{path}[]", required=True, depth=depth + 1)


def _alternatives(schema: Json, definitions: Json) -> Iterator[Json]:
    """Yield what a value may be, with references followed."""
    reference = schema.get("$ref")
    if reference is not None:
        schema = definitions[reference.removeprefix("#/$defs/")]
    for part in schema.get("anyOf", [schema]):
        if part is schema:
            yield part
        else:
            yield from _alternatives(part, definitions)
