"""Title, date, publisher, source, reporters and editor of a page. What the page does not say is None."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile

from services.clean.metadata import head, people, press
from services.clean.metadata.byline import Byline, read_byline, read_source
from services.clean.metadata.column import read_column
from services.clean.metadata.crumbs import crumbs
from services.clean.metadata.date_sources import Basis
from services.clean.metadata.dates import PageDate
from services.clean.metadata.evidence import Evidence
from services.clean.metadata.notations import DATELINE
from services.clean.metadata.published import read_published
from services.clean.metadata.publisher import confirmed_site, noticed_sites, told_sites
from services.clean.metadata.title import read_title

MAX_LABELLED = 40
CREDIT_LINES = 6
# Where the doors to other articles begin.
OTHERS = re.compile("相关|推荐|热门|热点|排行|[上下]一[篇条则]|更多|延伸阅读|猜你|往期|精彩")
LABEL_ALONE = re.compile(
    r"[【\[(（]?(?:(?:文章|信息|稿件|新闻)?(?:来源|出处)|稿源|作者|记者|通讯员|(?:责任)?编辑|责编|"
    r"(?:发布|发表|更新)?(?:时间|日期))\s?[:：]\s?"
)


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
    evidence = _settled(evidence)
    bylines = [read_byline(line) for line in evidence.header]
    tails = [read_byline(line) for line in evidence.footer]
    lines = [*evidence.header, *evidence.footer]
    trails = [trail for line in lines if (trail := crumbs(line))]
    told = told_sites(evidence.meta, trails)
    noticed = [*noticed_sites(lines), *confirmed_site(evidence.meta.get("title", ""), lines)]
    sites = [*told, *noticed]
    plain = [x for x, told in zip(evidence.header, bylines, strict=True) if not (told.date or told.labels)]
    never = [*sites, *(evidence.meta[key] for key in head.names("site") if key in evidence.meta)]
    title = read_title(evidence.headings, evidence.meta, never, [x for x in plain if not crumbs(x)])
    published = read_published(evidence, bylines, tails)
    agency = dateline_agency(evidence.opening)
    authors = read_authors(evidence, bylines, tails)
    return Metadata(
        title=title,
        published=published.date if published else None,
        basis=published.basis if published else None,
        publisher=read_publisher(told, _named(evidence.header, bylines), noticed, agency),
        source=read_first_source(evidence, bylines, tails, sites) or _agency_source(agency),
        reporters=authors.reporters,
        correspondents=authors.correspondents,
        editor=next((b.editor for b in [*bylines, *tails] if b.editor), None),
        column=read_column(evidence.meta, trails, evidence.header, title, sites),
    )


def _settled(evidence: Evidence) -> Evidence:
    """Return the evidence with labels joined to what they label, and without bylines among the headings."""
    told = [line for line in evidence.headings if _is_byline(line)]
    headings = [line for line in evidence.headings if line not in told]
    header = joined([*evidence.header, *told])
    return replace(evidence, headings=headings, header=header, footer=joined(evidence.footer))


def _is_byline(line: str) -> bool:
    byline = read_byline(line)
    return byline.is_whole and bool(byline.date or (byline.labels and byline.authors))


def joined(lines: Sequence[str]) -> list[str]:
    """Return the lines, each label that stands alone in front of what it labels."""
    found: list[str] = []
    for line in lines:
        if found and LABEL_ALONE.fullmatch(found[-1]) and len(line) <= MAX_LABELLED:
            found[-1] += line
        elif line.strip():
            found.append(line)
    return found


def read_publisher(
    told: Sequence[str], named: Sequence[str], noticed: Sequence[str], agency: str | None
) -> str | None:
    """Return who published it; a site that trades in something else only carries the copy."""
    if any(press.is_trade(site) for site in [*told, *noticed]):
        return None
    return next((name for name in [*told, *named, *noticed, agency] if name), None)


def _named(lines: Sequence[str], bylines: Sequence[Byline]) -> list[str]:
    """Return who is named beside a date, and above it: on pages for phones a line of its own."""
    beside = [byline.publisher for byline in bylines if byline.publisher and byline.date]
    dated = (line for line, below in zip(lines, bylines[1:], strict=False) if below.date and not below.source)
    return [*beside, *(name for name in dated if press.is_paper(name) or press.is_office(name))]


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
    known = agency and (agency.startswith(press.agencies()) or agency.endswith("通讯社"))
    return agency if known else None


def read_first_source(
    evidence: Evidence, bylines: Sequence[Byline], tails: Sequence[Byline], sites: Collection[str]
) -> str | None:
    """Return the original source: where the page shows it, else its head where that names another site.

    A medium beside the date of an article whose site has another name is one too, without any label.
    """
    shown = [byline.source for byline in [*bylines, *tails]]
    shown += [byline.publisher for byline in bylines if byline.date and _is_other(byline.publisher, sites)]
    values = (evidence.meta[key] for key in head.names("source") if key in evidence.meta)
    told = (read_source(value) or value for value in values)
    other = [name for name in told if name and press.is_name(name) and name not in sites]
    signed = (read_source(line) for line in evidence.body[-2:])
    return next((name for name in [*shown, *other, *signed] if name and not press.is_nobody(name)), None)


def _is_other(name: str | None, sites: Collection[str]) -> bool:
    """Tell whether a name is that of another medium than the site's, which may be called by parts of it."""
    if not name or not sites or not press.is_medium(name) or press.is_channel(name):
        return False
    return not any(name in site or site in name for site in sites)


def read_authors(evidence: Evidence, bylines: Sequence[Byline], tails: Sequence[Byline]) -> people.Authors:
    """Return who wrote it: as told by the byline, else the head of the text, its credits, the page's head."""
    shown = [byline.authors for byline in bylines]
    shown.append(people.in_dateline(evidence.opening))
    shown += [people.alone(line) for line in [*evidence.headings, *evidence.body[:2]]]
    if "account" in evidence.meta:
        shown += [people.bare(line) for line in evidence.header]
    shown.append(people.linked(evidence.meta.get("rel:author", ""), evidence.header))
    shown += [credit.authors for credit in _credits(evidence.footer, tails)]
    shown += [people.in_brackets(line) for line in evidence.body]
    told = people.split_names(" ".join(evidence.meta.get(key, "") for key in head.names("author")))
    editors = {byline.editor for byline in [*bylines, *tails]}
    unknown = people.Authors([name for name in told if name not in editors])
    first = next((authors for authors in shown if authors), unknown)
    # Others may name the same and more of them: the byline the staff, the head of the text those beside it.
    return max([first, *(x for x in shown if set(first.reporters) < set(x.reporters))], key=_count)


def _credits(footer: Sequence[str], tails: Sequence[Byline]) -> list[Byline]:
    """Return the bylines right below the text: further down, those of other articles stand."""
    near = takewhile(lambda pair: not OTHERS.search(pair[0]), zip(footer, tails, strict=True))
    return [tail for _, tail in islice(near, CREDIT_LINES)]


def _count(authors: people.Authors) -> int:
    return len(authors.reporters) if authors else 0
