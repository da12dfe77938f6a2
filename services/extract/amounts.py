"""The money of an event, in yuan."""

from __future__ import annotations

from schemas.extracted import Money, MoneyRole
from services.extract.clauses import SEGMENT_MARKS
from services.extract.mentions import Mentions

# Yuan a unit, rounded down from the lows of 2015-2025 (China Foreign Exchange Trade System, central parity):
# an amount in yuan is a lower bound, fit for a threshold and for nothing else.
YUAN_AT_LEAST = {"USD": 6.2, "EUR": 6.5, "GBP": 8.0, "HKD": 0.79, "TWD": 0.2, "JPY": 0.045, "KRW": 0.0047,
                 "AUD": 4.4, "CAD": 4.6, "CHF": 6.2, "SGD": 4.5, "MOP": 0.76}  # fmt: skip


def in_yuan(money: Money) -> float | None:
    """Return the lower bound of an amount in yuan, or None for a currency without a known rate."""
    if money.cny is not None:
        return _low(money.cny)
    rate = YUAN_AT_LEAST.get(money.currency or "")
    return None if rate is None or money.amount is None else _low(money.amount) * rate


def _low(value: float | tuple[float, float]) -> float:
    return float(min(value)) if isinstance(value, tuple) else float(value)


def event_money(mentions: Mentions, evidence: tuple[int, int], sentence: tuple[int, int]) -> Money | None:
    """Return the largest amount within the evidence, else behind it up to the next semicolon, else None."""
    stop = min(
        (p for m in SEGMENT_MARKS if (p := mentions.body.find(m, evidence[1], sentence[1])) >= 0),
        default=sentence[1],
    )
    for start, end in (evidence, (evidence[1], stop)):
        rows = [m for m in mentions.money if start <= m.start < end and m.role is not MoneyRole.PRICE]
        if known := [(value, row) for row in rows if (value := in_yuan(row)) is not None]:
            return max(known, key=lambda pair: pair[0])[1]
    return None
