"""Title, date, publisher, source, reporters and editor of a page. What the page does not say is None."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.clean import head, people, press
from services.clean.byline import Byline, read_byline, read_source
from services.clean.dates import DATELINE, PageDate
from services.clean.evidence import Evidence
from services.clean.published import Basis, read_published
from services.clean.publisher import noticed_sites, told_sites
from services.clean.title import read_title


@dataclass(frozen=True)
class Metadata:
    """What a page says of itself."""

    title: str | None = None
    published: PageDate | None = None
    basis: Basis | None = None
    publisher: str | None = None
    source: str | None = None
    reporters: list[str] = field(default_factory=list)
    correspondents: list[str] = field(default_factory=list)
    editor: str | None = None
    column: str | None = None


def read_metadata(evidence: Evidence) -> Metadata:
    """Return what the page says of itself."""
    bylines = [read_byline(line) for line in evidence.header]
    tails = [read_byline(line) for line in evidence.footer]
    lines = [*evidence.header, *evidence.footer]
    told, noticed = told_sites(evidence.meta, lines), noticed_sites(lines)
    published = read_published(evidence, bylines, tails)
    agency = dateline_agency(evidence.opening)
    authors = read_authors(evidence, bylines, tails)
    return Metadata(
        title=read_title(evidence.headings, evidence.meta, [*told, *noticed]),
        published=published.date if published else None,
        basis=published.basis if published else None,
        publisher=read_publisher(told, noticed, bylines, agency),
        source=_first_source(evidence, bylines, tails) or _agency_source(agency),
        reporters=authors.reporters,
        correspondents=authors.correspondents,
        editor=next((b.editor for b in [*bylines, *tails] if b.editor), None),
    )


def read_publisher(
    told: Sequence[str], noticed: Sequence[str], bylines: Sequence[Byline], agency: str | None
) -> str | None:
    """Return who published it; a site that trades in something else only carries the copy."""
    if any(press.is_trade(site) for site in [*told, *noticed]):
        return None
    named = [byline.publisher for byline in bylines if byline.publisher and byline.date]
    return next((name for name in [*told, *named, *noticed, agency] if name), None)


def dateline_agency(text: str) -> str | None:
    """Return the medium that the dateline names, without the place: `某某网` of `某某网某地5月6日电`."""
    match = DATELINE.search(text)
    name = text[: match.start()].strip(" 【[(（") if match else ""
    if not match:
        plain = re.match(r"(?P<name>[^\s,，。:：(（【]{2,12})(?:讯|消息)\s?[(（]", text)
        name = plain["name"] if plain else ""
    name = press.without_place(name)
    return name if press.is_name(name) and not press.is_nobody(name) and press.is_medium(name) else None


def _agency_source(agency: str | None) -> str | None:
    known = agency and any(agency.startswith(name) for name in press.words("agencies"))
    return agency if known else None


def _first_source(evidence: Evidence, bylines: Sequence[Byline], tails: Sequence[Byline]) -> str | None:
    told = [byline.source for byline in [*bylines, *tails]]
    told += [
        value for key in head.names("source") if (value := evidence.meta.get(key)) and press.is_name(value)
    ]
    told += [read_source(line) for line in evidence.body[-2:]]
    return next((name for name in told if name and not press.is_nobody(name)), None)


def read_authors(evidence: Evidence, bylines: Sequence[Byline], tails: Sequence[Byline]) -> people.Authors:
    """Return who wrote it: as told by the byline, else the head of the text, the credits, the page's head."""
    found = [byline.authors for byline in bylines]
    found.append(people.in_dateline(evidence.opening))
    found += [people.alone(line) for line in evidence.body[:2]]
    found += [credit.authors for credit in tails]
    told = " ".join(evidence.meta.get(key, "") for key in head.names("author"))
    return next((authors for authors in found if authors), people.Authors(people.split_names(told)))
