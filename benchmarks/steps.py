"""The chain's functions as plain steps from bytes to bytes, for the floor and for the peers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from schemas.alert import Occurrence
from schemas.cleaned import CleanedArticle
from schemas.extracted import ExtractedArticle
from schemas.headers import Headers, raw_article
from schemas.raw import RawArticle
from schemas.topics import CLEANED, EXTRACTED, OCCURRENCE, RAW_ARTICLE
from services.alert.match import match
from services.alert.rules import RuleIndex, load_rules
from services.clean.clean import clean
from services.extract.extract import extract
from services.runtime.outcome import Rejected


@cache
def _rules() -> RuleIndex:
    return load_rules()


def pass_through(raw: RawArticle) -> list[Occurrence] | None:
    """Take a page through all functions without a stop, to JSON; return its rule hits, None if rejected."""
    cleaned = clean(raw)
    if isinstance(cleaned, Rejected):
        return None
    extracted = extract(cleaned)
    if isinstance(extracted, Rejected):
        return None
    extracted.to_json()
    return match(extracted, _rules())


def clean_step(value: bytes, headers: Headers, timestamp_ms: int) -> list[bytes]:
    """Turn a raw record into a cleaned one; none where it is rejected."""
    cleaned = clean(raw_article(value, headers, timestamp_ms))
    return [] if isinstance(cleaned, Rejected) else [cleaned.to_json()]


def extract_step(value: bytes, _headers: Headers, _timestamp_ms: int) -> list[bytes]:
    """Turn a cleaned record into an extracted one."""
    extracted = extract(CleanedArticle.from_json(value))
    return [] if isinstance(extracted, Rejected) else [extracted.to_json()]


def match_step(value: bytes, _headers: Headers, _timestamp_ms: int) -> list[bytes]:
    """Turn an extracted record into its rule hits."""
    return [hit.to_json() for hit in match(ExtractedArticle.from_json(value), _rules())]


@dataclass(frozen=True)
class Step:
    """One stage as a peer runs it."""

    source: str
    target: str
    function: Callable[[bytes, Headers, int], list[bytes]]


STEPS = {
    "match": Step(EXTRACTED.name, OCCURRENCE.name, match_step),
    "extract": Step(CLEANED.name, EXTRACTED.name, extract_step),
    "clean": Step(RAW_ARTICLE.name, CLEANED.name, clean_step),
}
