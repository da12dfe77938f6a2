"""Money: 约6.8亿元, 80万至120万元, 1.5亿港元, US$85 million, with currency, range, hedge and role."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final, NamedTuple

import yaml
from daachorse import CharwiseDoubleArrayAhoCorasick

from schemas.extracted import Money, MoneyRole
from services.extract.numbers import ARABIC, parse_number, scale
from services.extract.words import DATA

NUMBER: Final = (
    r"\d{1,13}(?:[,，]\d{3}){0,5}(?:\.\d{1,8})?\s?[百千万亿]{0,3}|[一二三四五六七八九十百千万亿两零〇]{1,12}"
)
HEDGES_BEFORE: Final = "不少于|不低于|不超过|不足|不到|至少|最多|最高|将近|接近|大约|超过|逾|约|近|超|达"
AMOUNT_LENGTH: Final = 32  # code points: a range in full words with its hedge and sign
ENGLISH: Final = re.compile("million|billion|thousand|[$€£¥]|euro|yuan")
VAGUE: Final = frozenset("上数几成好多")  # 上百万元, 数亿元 name no amount
JOINT: Final = r"\s?[-‐–—~～至到]\s?"
NO_MONEY: Final = "元[素件旦月宵首组气器老勋帅子年]"  # 元 that is no yuan
CLAUSE_END: Final = re.compile(r"[，。；;！？!?\n：:、]")
CLAUSE_LENGTH: Final = 24  # code points to each side that can tell the role; clauses of news are shorter
YUAN: Final = "CNY"


class Reading(NamedTuple):
    """What an amount says."""

    currency: str
    value: float | tuple[float, float]


def find_money(body: str) -> list[Money]:
    """Return the amounts of money in `body`, in order. Where no currency is named the page's own counts."""
    home = home_currency(body)
    found = []
    for unit in _units().finditer(body):
        amount = _amount().search(body, max(0, unit.start() - AMOUNT_LENGTH), unit.start())
        if amount and (money := _read(body, amount, unit, home)):
            found.append(money)
    if ENGLISH.search(body):
        found += [money for match in _english().finditer(body) if (money := _read_english(body, match))]
    return _agree(sorted(found, key=lambda m: m.start))


def home_currency(body: str) -> str:
    """Return the currency that 元 alone means on this page: TWD or HKD where its words show it, else CNY."""
    for currency, pattern in _home_cues():
        if pattern.search(body):
            return currency
    return YUAN


def _read(body: str, match: re.Match[str], unit: re.Match[str], home: str) -> Money | None:
    low, high = match["low"], match["high"]
    if not ARABIC.match(low) and (
        body[match.start("low") - 1 : match.start("low")] in VAGUE or len(low) == 1
    ):
        return None
    knowledge = _knowledge()
    currency = knowledge["units"].get(unit["unit"]) or knowledge["signs"].get(match["sign"]) or home
    last = parse_number((high or low).replace("余", "") + (match["scale"] or ""))
    first = parse_number(low) if high else None
    if last is None or (high and first is None):
        return None
    if high and first is not None and _bare(low) and first < last:
        first *= scale("".join(c for c in high + (match["scale"] or "") if c in "百千万亿")) or 1
    value = (first, last) if first is not None else last
    hedge = match["before"] or match["within"] or unit["behind"]
    start = match.start("sign") if match["sign"] else match.start("low")
    return _money(body, start, unit.end("unit"), Reading(currency, value), hedge)


def _bare(text: str) -> bool:
    """Whether a number bears no scale word of its own: in 10-20万元 it shares that of the second."""
    return not set(text) & set("百千万亿")


def _read_english(body: str, match: re.Match[str]) -> Money | None:
    knowledge = _knowledge()
    currency = knowledge["signs"].get(match["sign"]) or knowledge["english_units"].get(match["unit"])
    if currency is None:
        return None
    factor = {"million": 1e6, "billion": 1e9, "thousand": 1e3, "m": 1e6, "bn": 1e9}.get(
        match["scale"] or "", 1
    )
    value = float(match["number"].replace(",", "")) * factor
    return _money(body, match.start(), match.end(), Reading(currency, value), None)


def _money(body: str, start: int, end: int, reading: Reading, hedge: str | None) -> Money:
    yuan = reading.currency == YUAN
    return Money(
        start=start,
        end=end,
        text=body[start:end],
        cny=reading.value if yuan else None,
        currency=None if yuan else reading.currency,
        amount=None if yuan else reading.value,
        role=_role(body, start, end),
        hedge=hedge,
    )


def _role(body: str, start: int, end: int) -> MoneyRole:
    """Return the role that the nearest telling word of the clause gives, before the amount or behind it."""
    before, behind = body[max(0, start - CLAUSE_LENGTH) : start], body[end : end + CLAUSE_LENGTH]
    before = CLAUSE_END.split(before)[-1] or before
    behind = CLAUSE_END.split(behind)[0]
    automaton, words = _telling()
    best = (CLAUSE_LENGTH + 1, MoneyRole.OTHER)
    for _, at, word in automaton.find_overlapping(before):
        best = min(best, (len(before) - at, words[word][1]))
    for at, _, word in automaton.find_overlapping(behind):
        best = min(best, (at + 1, words[word][1]))
    return best[1]


def _agree(found: list[Money]) -> list[Money]:
    """Give every mention of one amount the first role that is told of it."""
    roles: dict[Any, MoneyRole] = {}
    for money in found:
        key = (money.cny, money.currency, money.amount)
        if roles.get(key, MoneyRole.OTHER) == MoneyRole.OTHER:
            roles[key] = money.role
    return [m.model_copy(update={"role": roles[m.cny, m.currency, m.amount]}) for m in found]


@cache
def _knowledge() -> dict[str, Any]:
    knowledge: dict[str, Any] = yaml.safe_load((DATA / "money.yaml").read_text("utf-8"))
    return knowledge


@cache
def _home_cues() -> list[tuple[str, re.Pattern[str]]]:
    return [(currency, re.compile("|".join(cues))) for currency, cues in _knowledge()["home"].items()]


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def _units() -> re.Pattern[str]:
    return re.compile(
        rf"(?!{NO_MONEY})(?P<unit>{_any(_knowledge()['units'])})(?P<behind>左右|以上|上下|以内)?"
    )


@cache
def _amount() -> re.Pattern[str]:
    """Return what stands before a unit, up to it."""
    return re.compile(
        rf"(?:(?P<before>{HEDGES_BEFORE})\s?)?(?:(?P<sign>{_any(_knowledge()['signs'])})\s?)?"
        rf"(?P<low>{NUMBER})(?:{JOINT}(?P<high>{NUMBER}))?(?P<within>[余多])?(?P<scale>[百千万亿]{{0,2}})\s?$"
    )


@cache
def _english() -> re.Pattern[str]:
    signs = [s for s in _knowledge()["signs"] if not re.search("[一-鿿]", s)]
    return re.compile(
        rf"(?:(?P<sign>{_any(signs)})\s?)?(?<![\d.,])(?P<number>\d{{1,13}}(?:,\d{{3}}){{0,5}}(?:\.\d{{1,8}})?)"
        rf"(?:\s?(?P<scale>million|billion|thousand|bn|m)\b)?(?:\s(?P<unit>{_any(_knowledge()['english_units'])})\b)?"
    )


@cache
def _telling() -> tuple[CharwiseDoubleArrayAhoCorasick, list[tuple[str, MoneyRole]]]:
    """Return the words that tell a role, as an automaton and a list in its order."""
    words = [(word, MoneyRole(role)) for role, words in _knowledge()["roles"].items() for word in words]
    words += [(word, MoneyRole.OTHER) for word in _knowledge()["other"]]
    return CharwiseDoubleArrayAhoCorasick([word for word, _ in words]), words
