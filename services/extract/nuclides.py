"""Nuclides in all their written forms to one id: 镥-177, 177Lu, Lu-177, ¹⁷⁷Lu, 镥[177Lu] are all Lu-177."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from services.extract.words import DATA, read_table

SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹ᵐ", "0123456789m")
RAISED: Final = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹ᵐ]")
DASH: Final = r"[-‐‑–—－−]"
DASHES: Final = frozenset("-‐‑–—－−")
MASS: Final = r"\d{1,3}m?"
HEAVIEST: Final = 270


class Nuclide(NamedTuple):
    """A nuclide named at `body[start:end]`; `id` is symbol and mass number: Tc-99m."""

    start: int
    end: int
    text: str
    id: str


def find_nuclides(body: str) -> list[Nuclide]:
    """Return the nuclides named in `body`, in order, none within another."""
    plain = body.translate(SUPERSCRIPTS) if RAISED.search(body) else body
    found: list[Nuclide] = []
    for pattern in _patterns():
        found += [
            Nuclide(*match.span(), body[slice(*match.span())], nuclide_id)
            for match in pattern.finditer(plain)
            if (nuclide_id := _read(match["element"], match["mass"], bool(DASHES & set(match.group()))))
        ]
    for name, nuclide_id in _tables().names.items():
        found += [Nuclide(*m.span(), name, nuclide_id) for m in re.finditer(name, plain)]
    found.sort()
    return [n for i, n in enumerate(found) if not i or n.start >= found[i - 1].end]


def _read(element: str, mass: str, dashed: bool) -> str | None:
    """Return the id of an element and a mass number, or None where they make no nuclide that is known.

    Behind a Chinese name and a dash any mass number will do: 铅-206, nothing else is written so.
    """
    symbol = _tables().symbols.get(element) or _tables().symbols.get(element.lower())
    if symbol is None:
        return None
    certain = dashed and element in _tables().chinese and int(mass.rstrip("m")) <= HEAVIEST
    return f"{symbol}-{mass}" if certain or mass in _tables().masses[symbol] else None


class _Tables(NamedTuple):
    symbols: dict[str, str]
    masses: dict[str, set[str]]
    names: dict[str, str]
    chinese: str


@cache
def _tables() -> _Tables:
    symbols: dict[str, str] = {}
    masses = {}
    chinese = ""
    for symbol, names, english, numbers in read_table(DATA / "nuclides.tsv"):
        chinese += names.replace(",", "")
        masses[symbol] = set(numbers.split(","))
        symbols |= dict.fromkeys([symbol, *names.split(","), *english.split(",")], symbol)
    named = dict(read_table(DATA / "nuclide_names.tsv"))
    return _Tables(symbols, masses, named, chinese)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the written forms: 镥-177 and 镥[177Lu]; 177Lu; Lu-177; lead-212."""
    return (
        re.compile(
            rf"(?P<element>[{_tables().chinese}])(?:{DASH}|\[)?(?P<mass>{MASS})(?:(?:[A-Z][a-z]?)?\]|(?![\d.%]))"
        ),
        re.compile(
            rf"(?P<mass>\d(?<![A-Za-z\d.]\d)\d{{1,2}}m?){DASH}?(?P<element>[A-Z][a-z]?)(?![A-Za-z\d])"
        ),
        re.compile(rf"(?P<element>[A-Z](?<![A-Za-z\d][A-Z])[a-z]?){DASH}(?P<mass>\d{{2,3}}m?)(?![A-Za-z\d])"),
        re.compile(
            rf"(?P<element>[A-Za-z](?<![A-Za-z][A-Za-z])[a-z]{{2,11}}){DASH}(?P<mass>\d{{2,3}}m?)(?![A-Za-z\d])"
        ),
    )
