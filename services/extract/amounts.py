"""The money of an event, in yuan."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.extracted import Money

# Yuan a unit, rounded down from the lows of 2015-2025 (China Foreign Exchange Trade System, central parity rates):
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


def amount_cny(money: Iterable[Money], evidence: tuple[int, int], sentence: tuple[int, int]) -> float | None:
    """Return the largest amount within the evidence, else the first behind it in its sentence, else None."""
    rows = [m for m in money if sentence[0] <= m.start < sentence[1]]
    inside = [v for m in rows if evidence[0] <= m.start < evidence[1] and (v := in_yuan(m)) is not None]
    if inside:
        return max(inside)
    return next((v for m in rows if m.start >= evidence[1] and (v := in_yuan(m)) is not None), None)
