"""Persons with their titles and organisations: 某医院党委书记、院长 and the name behind, a row a title."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

from daachorse import CharwiseDoubleArrayAhoCorasick

from schemas.extracted import EntityType, Person
from services.extract.grammar import Found, Text, grammar, name_start
from services.extract.person_names import PersonName, read_name
from services.extract.words import DATA, read_lines, tag_of

CLAUSE_START: Final = re.compile(r"[，,。；！？!?;：:\n“”‘’「」『』（）()\s】〕]")
PART: Final = re.compile(r"、|兼(?!任|职)|以及|及(?!其)")
FILLED_BY: Final = re.compile(
    "(?P<title>(?:常务|执行)?(?:副?秘书长|副?理事长|副?监事长|副?会长|副?主席|首席科学家))(?:由|为|是)"
)
TITLE_STOP: Final = re.compile(r"[，,。；！？!?;：:\n、的]")
ASIDE: Final = re.compile(r"[（(](?:挂职|兼|代|正厅级|副厅级|女)[）)]")
TAKES_OFFICE: Final = re.compile(
    "当选为|当选|任命为|聘为|聘任为|受聘为|获聘为|获聘|担任|出任|转任|改任|兼任|接任|任|推选为|为|辞去|不再担任"
)
APPOINTS: Final = re.compile("聘任|任命|聘请|选举|推选|选聘")
BEFORE_OFFICE: Final = re.compile(
    "(?:女士|先生|教授|院士|博士)?(?:，?(?:同时|现|并|被|仍)*|因个人原因[^，。]{0,12})$"
)
NO_OFFICE: Final = re.compile(
    "(?<=[主前现历责信])任|任(?=[务何命职期由内])|(?<=[作成认以因称])为|为(?=[了何此什止主])"
)
APPOINTED_FOREIGNER: Final = re.compile(
    r"(?:聘任|任命|聘请|选举|推选|选聘)(?P<name>[一-鿿]{1,6}(?:·[一-鿿]{1,6}){1,2})$"
)
OPENERS: Final = frozenset({"聘任", "任命", "聘请", "选举", "推选", "选聘", "前任"})
LEADS: Final = re.compile(
    r"^(?:如今|现|时|曾|其中|同时|由|据|来自|包括|有|为|以及|和|与|并|身|另外)?(?:兼任|兼|身兼|现任|时任|担任过?|任|该[一-鿿]{0,3}?(?:院|中心|公司|机构|所|企业|行)|我院|公司|医院|项目(?=现场)|牵头医院|院方|其)?"
)
DEPARTMENT: Final = re.compile(
    r"(?:科|部|处|室|中心|系|组|办|委|病房|机构|项目|项目办|科室|委员会|局|院|所|(?<!公)司|站|工程)$"
)
SKIPPED: Final = frozenset({"记者", "通讯员", "患者"})
ACADEMIC: Final = re.compile("教授|院士|研究员")
LONGEST_CLAUSE: Final = 70  # code points that titles before a name can take up
SHORTEST_ORG: Final = 2
LONGEST_LEAD: Final = 20
LONGEST_DEPARTMENT: Final = 14
LONGEST_MODIFIER: Final = 5
OF_ONE_HOUSE: Final = re.compile("书记|校长|院长|董事长|总经理")
OF_A_PLACE: Final = re.compile("^(?:常务)?副?[省市县区镇州]长$")
PLACE_OF_COMMITTEE: Final = re.compile("(?P<place>.+?[省市县区镇]?)[省市县区]委$")


class Office(NamedTuple):
    """A title and the organisation that it is held in."""

    title: str
    org: str | None


@dataclass
class Roll:
    """The persons found so far, and the organisations that only their titles showed."""

    persons: list[Person] = field(default_factory=list)
    employers: list[Found] = field(default_factory=list)

    def add(self, body: str, name: PersonName, office: Office, start: int) -> None:
        """Enter a row unless it stands already."""
        row = Person(
            start=name.start,
            end=name.end,
            name=body[name.start : name.end],
            title=office.title,
            org=office.org,
            evidence=body[start : name.end],
        )
        if not any((p.name, p.title) == (row.name, row.title) for p in self.persons):
            self.persons.append(row)


def find_persons(text: Text, institutions: Sequence[Found]) -> tuple[list[Person], list[Found]]:
    """Return a row for each person and title, and the organisations that only a title before a name shows."""
    roll = Roll()
    ends = {end: start for start, end, _ in sorted(_titles().find_overlapping(text.body), reverse=True)}
    for end in sorted(ends):
        _read_before(text, institutions, roll, end)
    _read_changes(text, institutions, roll)
    return sorted(roll.persons, key=lambda p: p.start), roll.employers


def _read_before(text: Text, institutions: Sequence[Found], roll: Roll, end: int) -> None:
    """Read the titles that end at `end` where a name follows them."""
    aside = ASIDE.match(text.body, end)
    start = aside.end() if aside else end + 1 if text.body[end : end + 1] == "的" else end
    name = read_name(text, start) if start < len(text.body) else None
    if name is None or (start > end and text.body[name.end : name.end + 2] in {"女士", "先生"}):
        return
    offices = _offices(text, institutions, roll, end)
    for office, begin in offices:
        roll.add(text.body, name, office, begin)
    behind = ACADEMIC.match(text.body, name.end)
    if offices and behind:
        roll.add(text.body, name, Office(behind.group(), None), name.start)


def _offices(text: Text, institutions: Sequence[Found], roll: Roll, end: int) -> list[tuple[Office, int]]:
    """Return the offices named in the clause that ends at `end`, each with where it starts."""
    clause_start = max(
        (m.end() for m in CLAUSE_START.finditer(text.body, max(0, end - LONGEST_CLAUSE), end)),
        default=max(0, end - LONGEST_CLAUSE),
    )
    parts = _parts(text.body, clause_start, end)
    read: list[tuple[Office, int]] = []
    for part_start, part_end in reversed(parts):
        office = _office(text, institutions, roll, part_start, part_end)
        if office is None:
            break
        read.append((office, part_start))
        if filled := FILLED_BY.match(text.body, part_start):
            read.append((Office(filled["title"], None), part_start))
    read.reverse()
    return _inherit(read, roll)


def _parts(body: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split a clause into its titles; a 的 splits where a title ends before it (兼任某某院长的某某)."""
    parts, at = [], start
    for match in PART.finditer(body, start, end):
        parts.append((at, match.start()))
        at = match.end()
    parts.append((at, end))
    whole = []
    for part_start, part_end in parts:
        of = body.rfind("的", part_start, part_end)
        if of > part_start and _title_start(body, part_start, of) is not None:
            whole += [(part_start, of), (of + 1, part_end)]
        else:
            whole.append((part_start, part_end))
    return [(s, e) for s, e in whole if e > s]


def _inherit(read: list[tuple[Office, int]], roll: Roll) -> list[tuple[Office, int]]:
    """Give a title without organisation that of the title before it; a mayor that of the party secretary."""
    org = _listed_before(roll, read[0][1]) if read else None
    whole = []
    for office, start in read:
        org = office.org or org or _place_before(office.title, roll)
        whole.append((Office(office.title, org), start))
    return whole


def _listed_before(roll: Roll, start: int) -> str | None:
    """Return the organisation of the person named right before, in one list: 某校党委书记某某、校长某某."""
    last = roll.persons[-1] if roll.persons else None
    return last.org if last and last.end == start - 1 and OF_ONE_HOUSE.search(last.evidence) else None


def _place_before(title: str, roll: Roll) -> str | None:
    if not OF_A_PLACE.match(title) or not roll.persons or not roll.persons[-1].org:
        return None
    match = PLACE_OF_COMMITTEE.match(roll.persons[-1].org)
    return match["place"] if match else None


def _office(text: Text, institutions: Sequence[Found], roll: Roll, start: int, end: int) -> Office | None:
    """Return title and organisation of the part body[start:end], or None where it ends with no title."""
    body = text.body
    lead = LEADS.match(body[start:end])
    start += lead.end() if lead else 0
    title_start = _title_start(body, start, end)
    if title_start is None or body[title_start:end] in SKIPPED:
        return None
    org = _org_within(institutions, start, title_start)
    if org and title_start - org.end <= LONGEST_CLAUSE // 3:
        return _split_office(body, org, end, title_start)
    of = body.rfind("的", start, title_start)
    start = of + 1 if of >= 0 else start
    phrase = body[start:title_start]
    if DEPARTMENT.search(phrase) and len(phrase) <= LONGEST_DEPARTMENT:
        return Office(body[_department_start(text, start, title_start) : end], None)
    phrase_start = max(start, name_start(text, title_start))
    if phrase_start == title_start:
        return Office(body[title_start:end], None)
    return _new_employer(text, roll, phrase_start, title_start, end)


def _org_within(institutions: Sequence[Found], start: int, end: int) -> Found | None:
    """Return the last organisation in body[start:end]; `institutions` are in order."""
    at = bisect_right(institutions, end, key=lambda i: i.end)
    while at and institutions[at - 1].start >= start:
        at -= 1
        if institutions[at].type is EntityType.ORG:
            return institutions[at]
    return None


def _department_start(text: Text, start: int, end: int) -> int:
    """Return where the department begins: behind the last verb or particle of the part."""
    at = text.word_index(end - 1)
    texts, starts = text.words.texts, text.words.starts
    begin = max(start, starts[at])
    at -= 1
    while at >= 0 and starts[at] >= start:
        word, tag = texts[at], tag_of(texts[at])
        verb = tag == "v" and word not in grammar().inner_verbs
        if verb or tag[0] in "upcdr" or word in {"由", "医院"}:
            break
        begin, at = starts[at], at - 1
    return begin


def _split_office(body: str, org: Found, end: int, title_start: int) -> Office:
    """Split what stands from the organisation to the title's end: 某医院 + 核医学科主任."""
    name, title = body[org.start : org.end], body[org.end : end]
    if "的" in title:
        title = body[title_start:end]
    if re.search("[省市县区镇]委$", name) and title in {"书记", "副书记", "常委"}:
        title = name[-2:] + title
    return Office(title.lstrip("、 "), name)


def _new_employer(text: Text, roll: Roll, start: int, title_start: int, end: int) -> Office:
    """Return the office of a part whose organisation no grammar found: its name stands before the title."""
    phrase, title = text.body[start:title_start], text.body[title_start:end]
    words = text.texts_between(start, title_start)
    tags = [tag_of(word) for word in words]
    if len(phrase) < SHORTEST_ORG or all(
        w in grammar().generic or w in grammar().before_names for w in words
    ):
        return Office(title, None)
    if OF_A_PLACE.match(title) or phrase[-1] in "省市县区镇乡" or all(tag == "ns" for tag in tags):
        return Office(title, phrase)
    if all(
        len(w) > 1 and t[0] in "vnabd" and t not in {"nz", "nr", "ns", "nt"}
        for w, t in zip(words, tags, strict=True)
    ):
        return Office(phrase + title, None)
    roll.employers.append(Found(start, title_start, EntityType.ORG, basis="title"))
    return Office(title, phrase)


def _title_start(body: str, start: int, end: int) -> int | None:
    """Return where the title begins that ends at `end`, its modifiers with it."""
    longest = next(
        (end - n for n in range(8, 1, -1) if end - n >= start and body[end - n : end] in _title_words()), None
    )
    if longest is None:
        return None
    at, moved = longest, True
    while moved:
        moved = False
        for length in range(LONGEST_MODIFIER, 0, -1):
            if at - length >= start and body[at - length : at] in _modifiers():
                at, moved = at - length, True
                break
    return at


def _read_changes(text: Text, institutions: Sequence[Found], roll: Roll) -> None:
    """Read the offices that persons take, are given or leave: 某某当选理事长, 聘任黎某为总经理."""
    appointed = APPOINTS.search(text.body) is not None
    for match in TAKES_OFFICE.finditer(text.body):
        verb = match.group()
        if (verb == "为" and not appointed) or NO_OFFICE.match(text.body, match.start()):
            continue
        end = _title_end(text.body, match.end())
        name = _name_before(text, roll, match.start()) if end else None
        office = _office(text, institutions, roll, match.end(), end) if name and end else None
        if name and office:
            org = office.org or _org_known(text, institutions, roll, name, verb)
            roll.add(text.body, name, Office(office.title, org), name.start)


def _name_before(text: Text, roll: Roll, end: int) -> PersonName | None:
    """Return the name that ends at `end`: one that is known, or one that opens its clause or follows 聘任."""
    lead = BEFORE_OFFICE.search(text.body, max(0, end - LONGEST_LEAD), end)
    verb, end = end, lead.start() if lead else end
    if foreign := _foreign_before(text, roll, end):
        return foreign
    for length in (4, 3, 2):
        start = end - length
        if start < 0:
            continue
        before = text.body[max(0, start - 2) : start]
        known = any(p.name == text.body[start:end] for p in roll.persons)
        opens = (
            known or not before or CLAUSE_START.match(before[-1]) or before in OPENERS or before[-1] == "前"
        )
        if known or (opens and (name := read_name(text, start)) and name.end == end):
            return PersonName(start, end)
    return _subject(text, roll, end) if text.body[end] in "，被" or end < verb else None


def _foreign_before(text: Text, roll: Roll, end: int) -> PersonName | None:
    """Return the transliterated name that ends at `end`: one that is known, or one behind 聘任."""
    for person in roll.persons:
        if "·" in person.name and text.body.startswith(person.name, end - len(person.name)):
            return PersonName(end - len(person.name), end)
    match = APPOINTED_FOREIGNER.search(text.body, max(0, end - LONGEST_LEAD), end)
    return PersonName(match.start("name"), end) if match else None


def _subject(text: Text, roll: Roll, end: int) -> PersonName | None:
    """Return the person named last in the sentence before `end`: 某某今年退休，被聘为顾问."""
    stop = max(text.body.rfind(mark, 0, end) for mark in "。；\n")
    before = [p for p in roll.persons if stop < p.start and p.end <= end]
    return PersonName(before[-1].start, before[-1].end) if before else None


def _org_known(
    text: Text, institutions: Sequence[Found], roll: Roll, name: PersonName, verb: str
) -> str | None:
    """Return where an office without organisation is held: with the other one, or in the subject."""
    if "兼任" in verb:
        return next((p.org for p in roll.persons if p.name == text.body[name.start : name.end]), None)
    if verb != "为":
        return None
    stop = text.body.rfind("。", 0, name.start)
    return next(
        (
            text.body[i.start : i.end]
            for i in institutions
            if stop < i.start < name.start and i.type is EntityType.ORG
        ),
        None,
    )


def _title_end(body: str, start: int) -> int | None:
    """Return where the first title behind `start` ends, in the same clause."""
    stop = TITLE_STOP.search(body, start)
    limit = min(stop.start() if stop else len(body), start + LONGEST_CLAUSE // 2)
    ends = [end for _, end, _ in _titles().find_overlapping(body[start:limit])]
    return start + max(ends) if ends else None


@cache
def _titles() -> CharwiseDoubleArrayAhoCorasick:
    return CharwiseDoubleArrayAhoCorasick(sorted(_title_words()))


@cache
def _title_words() -> frozenset[str]:
    return frozenset(read_lines(DATA / "titles.txt"))


@cache
def _modifiers() -> frozenset[str]:
    return frozenset(read_lines(DATA / "title_modifiers.txt"))
